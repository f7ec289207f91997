import { agentTexts } from './texts'
import { shortcuts, turnShortcuts } from './shortcuts'

const rows = [
  ['R', 'ready'], ['B', 'pause'], ['I', 'identity'], ['M', 'mute'], ['P', 'recording'], ['H H', 'hangUp'], ['1–8', 'outcome'], ['N', 'note'],
  ['Enter', 'send'], ['Esc', 'undo'],
] as const

/** Every key of the page, and the switch that turns single keys off. */
export function KeyMap() {
  const t = agentTexts.value.keys
  return (
    <section class="panel key-map" aria-label={t.heading}>
      <h2>{t.heading}</h2>
      <dl class={shortcuts.value ? undefined : 'off'}>
        {rows.map(([key, name]) => (
          <div key={key}>
            <dt>{key.split(' ').map((one, i) => <kbd key={i}>{one}</kbd>)}</dt>
            <dd>{t.map[name]}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input type="checkbox" checked={shortcuts.value} onChange={(event) => turnShortcuts(event.currentTarget.checked)} />
        {t.enabled}
      </label>
    </section>
  )
}
