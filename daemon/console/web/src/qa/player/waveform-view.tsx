import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { terms } from '../../i18n/terms'
import { lengthOf } from '../../time/format'
import { qaTexts } from '../texts'
import type { Waveform } from '../types'
import type { Player } from './player'
import { axisRow, bottom, flagRow, height, middles, trackHeight } from './sizes'
import type { Timeline } from './timeline'
import { axisStep, loudest, wavePath } from './wave-path'

interface Props {
  waveform: Waveform
  timeline: Timeline
  player: Player
}

/** Both tracks on one time line, which is a slider: click, drag or use the keys. */
export function WaveformView({ waveform, timeline, player }: Props) {
  const t = qaTexts.value.player
  const frame = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const { seconds } = waveform
  const x = (at: number) => (at / Math.max(seconds, 0.001)) * width

  function seek(event: PointerEvent) {
    const box = frame.current!.getBoundingClientRect()
    player.seek(((event.clientX - box.left) / box.width) * seconds)
  }

  /** The keys of a slider; they act while it has the focus, even where single keys are turned off. */
  function press(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const to = sliderKeys(player.at.peek(), seconds)[event.key]
    if (to === undefined) return
    event.preventDefault()
    player.seek(to)
  }

  return (
    <div
      ref={frame}
      class="wave"
      role="slider"
      tabIndex={0}
      aria-label={t.position}
      aria-valuemin={0}
      aria-valuemax={Math.round(seconds)}
      aria-valuenow={Math.round(player.at.value)}
      aria-valuetext={t.positionOf(lengthOf(player.at.value * 1000), lengthOf(seconds * 1000))}
      onKeyDown={press}
      onPointerDown={(event) => {
        frame.current!.setPointerCapture(event.pointerId)
        seek(event)
      }}
      onPointerMove={(event) => {
        if (event.buttons & 1) seek(event)
      }}
    >
      {width > 0 && (
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
          <Tracks waveform={waveform} width={width} />
          {timeline.gaps.map(({ from, to }) => (
            <rect key={from} class="wave-gap" x={x(from)} y={flagRow} width={Math.max(x(to) - x(from), 2)} height={2 * trackHeight} />
          ))}
          <Axis seconds={seconds} width={width} />
          <rect class="wave-played" x={0} y={flagRow} width={x(player.at.value)} height={2 * trackHeight} />
          {timeline.markers.map(({ at, seq, kind }, i) => (
            <g key={seq} class={`wave-mark wave-mark-${kind}`}>
              <title>{terms.value.kind[kind]}</title>
              <line x1={x(at)} x2={x(at)} y1={flagRow - 4} y2={bottom} />
              <Flag x={flagPlaces(timeline, x, width)[i]!} text={String(i + 1)} />
            </g>
          ))}
          <line class="wave-now" x1={x(player.at.value)} x2={x(player.at.value)} y1={flagRow - 4} y2={bottom + 4} />
        </svg>
      )}
    </div>
  )
}

/** Where each key of a slider leads (WAI-ARIA Authoring Practices, slider). */
function sliderKeys(at: number, seconds: number): Record<string, number> {
  return {
    ArrowLeft: at - 5, ArrowRight: at + 5, ArrowDown: at - 1, ArrowUp: at + 1, PageDown: at - 30, PageUp: at + 30, Home: 0, End: seconds,
  }
}

/** The shapes alone: they change with the recording and the width, not as it plays. */
function Tracks({ waveform, width }: { waveform: Waveform; width: number }) {
  const t = qaTexts.value.player
  // Both alike, so that one sees who speaks louder; quiet recordings are drawn larger.
  const half = (trackHeight / 2 - 5) * Math.min(4, 1 / Math.max(loudest(waveform.agent), loudest(waveform.taxpayer), 0.01))
  const agent = useMemo(() => wavePath(waveform.agent, width, middles.agent, half), [waveform, width])
  const taxpayer = useMemo(() => wavePath(waveform.taxpayer, width, middles.taxpayer, half), [waveform, width])
  const two = waveform.taxpayer.length > 0
  return (
    <>
      <defs>
        <pattern id="gap" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line x1="0" x2="0" y1="0" y2="8" />
        </pattern>
      </defs>
      <rect class="wave-ground" x={0} y={flagRow} width={width} height={2 * trackHeight} />
      <path class="wave-agent" d={agent} />
      {two && <path class="wave-taxpayer" d={taxpayer} />}
      <line class="wave-middle" x1={0} x2={width} y1={flagRow + trackHeight} y2={flagRow + trackHeight} />
      <text class="wave-name" x={6} y={flagRow + 14}>{two ? terms.value.agent : t.oneTrack}</text>
      {two && <text class="wave-name" x={6} y={flagRow + trackHeight + 14}>{terms.value.taxpayer}</text>}
    </>
  )
}

function Axis({ seconds, width }: { seconds: number; width: number }) {
  const step = axisStep(seconds, width)
  const ticks = Array.from({ length: Math.floor(seconds / step) + 1 }, (_, i) => i * step)
  return (
    <g class="wave-axis">
      {ticks.map((at) => {
        const x = (at / Math.max(seconds, 0.001)) * width
        const end = x > width - 30
        return (
          <g key={at}>
            <line x1={x} x2={x} y1={bottom} y2={bottom + 4} />
            <text x={end ? width : x} y={bottom + axisRow - 4} text-anchor={at === 0 ? 'start' : end ? 'end' : 'middle'}>{lengthOf(at * 1000)}</text>
          </g>
        )
      })}
    </g>
  )
}

const flagWidth = 20

function Flag({ x, text }: { x: number; text: string }) {
  return (
    <>
      <rect class="wave-flag" x={x - flagWidth / 2} y={1} width={flagWidth} height={flagRow - 7} rx={4} />
      <text class="wave-flag-text" x={x} y={flagRow - 11} text-anchor="middle">{text}</text>
    </>
  )
}

/** Flags of moments that lie close together stand side by side. */
export function flagPlaces(timeline: Pick<Timeline, 'markers'>, x: (at: number) => number, width: number): number[] {
  const apart = flagWidth + 3
  const places = timeline.markers.map(({ at }) => Math.max(x(at), flagWidth / 2))
  for (let i = 1; i < places.length; i++) places[i] = Math.max(places[i]!, places[i - 1]! + apart)
  let limit = width - flagWidth / 2
  for (let i = places.length - 1; i >= 0; i--, limit -= apart) places[i] = Math.min(places[i]!, limit)
  return places
}

function useWidth(frame: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)))
    observer.observe(frame.current!)
    return () => observer.disconnect()
  }, [])
  return width
}
