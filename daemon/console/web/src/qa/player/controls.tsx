import { lengthOf } from '../../time/format'
import { Button } from '../../ui/button'
import { qaTexts } from '../texts'
import { speeds, type Player } from './player'

/** What the keys do, for the pointer. */
export function Controls({ player }: { player: Player }) {
  const t = qaTexts.value.player
  return (
    <div class="row player-controls">
      <Button kind="primary" shortcut={t.space} onClick={() => player.toggle()}>{player.playing.value ? t.pause : t.play}</Button>
      <Button shortcut="←" onClick={() => player.seek(player.at.peek() - 5)}>{t.back}</Button>
      <Button shortcut="→" onClick={() => player.seek(player.at.peek() + 5)}>{t.forward}</Button>
      <span class="player-time number">{lengthOf(player.at.value * 1000)} / {lengthOf(player.seconds * 1000)}</span>
      <label class="player-speed">
        <span>{t.speed}</span>
        <select value={String(player.speed.value)} onChange={(event) => player.setSpeed(Number(event.currentTarget.value))}>
          {speeds.map((speed) => <option key={speed} value={String(speed)}>{t.times(speed)}</option>)}
        </select>
      </label>
      <label class="check">
        <input type="checkbox" checked={player.skipping.value} onChange={(event) => void (player.skipping.value = event.currentTarget.checked)} />
        {t.skip} <kbd aria-hidden="true">S</kbd>
      </label>
    </div>
  )
}
