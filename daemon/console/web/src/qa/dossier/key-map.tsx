import { shortcuts, turnShortcuts } from '../../agent/shortcuts'
import { qaTexts } from '../texts'

/** Every key of the page, and the switch that turns single keys off. */
export function KeyMap() {
  const t = qaTexts.value.keys
  const rows = [
    [[qaTexts.value.player.space], t.map.play], [['←', '→'], t.map.seek], [['1', '…', '9'], t.map.digit], [['0'], t.map.start],
    [[',', '.'], t.map.marks], [['-', '+'], t.map.speed], [['S'], t.map.skip], [['V'], t.map.verify], [['D'], t.map.download],
  ] as const
  return (
    <section class="panel" aria-label={t.heading}>
      <h2>{t.heading}</h2>
      <dl class={shortcuts.value ? 'keys' : 'keys keys-off'}>
        {rows.map(([keys, what]) => (
          <div key={what}>
            <dt>{keys.map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{what}</dd>
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
