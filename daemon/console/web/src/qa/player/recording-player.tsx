import { useEffect, useMemo } from 'preact/hooks'
import { Notice } from '../../ui/notice'
import { useKeys, type Keys } from '../../ui/use-keys'
import { shortcuts } from '../../agent/shortcuts'
import { qaTexts } from '../texts'
import type { Waveform } from '../types'
import { Controls } from './controls'
import { Player } from './player'
import { silences } from './silence'
import type { Timeline } from './timeline'
import { WaveformView } from './waveform-view'
import './player.css'

interface Props {
  address: string
  waveform: Waveform
  timeline: Timeline
  /** Gives the player to whoever else moves it; undefined when it is gone. */
  onPlayer: (player: Player | undefined) => void
}

/** One recording that was opened: drawn, and played. */
export function RecordingPlayer({ address, waveform, timeline, onPlayer }: Props) {
  const t = qaTexts.value.player
  const player = useMemo(() => new Player(address, waveform.seconds, silences(waveform)), [address, waveform])
  useEffect(() => {
    onPlayer(player)
    return () => {
      onPlayer(undefined)
      player.end()
    }
  }, [player])
  useKeys(keysOf(player, timeline), shortcuts.value)
  return (
    <div class="player">
      <WaveformView waveform={waveform} timeline={timeline} player={player} />
      <Controls player={player} />
      {player.failed.value && <Notice tone="bad" action={{ label: t.again, act: () => player.retry() }}>{t.failed}</Notice>}
    </div>
  )
}

/** The keys as KeyMap documents them. */
function keysOf(player: Player, timeline: Timeline): Keys {
  const by = (seconds: number) => () => player.seek(player.at.peek() + seconds)
  const to = (place: { at: number } | undefined) => place && player.seek(place.at)
  const keys: Keys = {
    ' ': () => player.toggle(),
    arrowleft: by(-5),
    arrowright: by(5),
    ',': () => to(timeline.before(player.at.peek())),
    '.': () => to(timeline.after(player.at.peek())),
    0: () => player.seek(0),
    '-': () => player.quicken(-1),
    '+': () => player.quicken(1),
    '=': () => player.quicken(1),
    s: () => void (player.skipping.value = !player.skipping.peek()),
  }
  timeline.markers.slice(0, 9).forEach((marker, i) => {
    keys[String(i + 1)] = () => to(marker)
  })
  return keys
}
