import { useEffect, useState } from 'preact/hooks'
import { Button } from '../ui/button'
import { Field } from '../ui/field'
import { telephone } from './phone'
import type { Device } from './telephone/headset'
import { measure } from './telephone/level'
import { agentTexts } from './texts'

/** From this level on somebody is heard well; see measure. */
const good = 0.4

/** Microphone, loudspeaker and test tone, before the first call. */
export function HeadsetCheck() {
  const t = agentTexts.value.headset
  const { headset } = telephone
  const [testing, setTesting] = useState(false)
  const [playing, setPlaying] = useState(false)

  async function play() {
    setPlaying(true)
    await headset.tone().catch(() => {})
    setPlaying(false)
  }

  return (
    <section class="panel" aria-label={t.heading}>
      <h2>{t.heading}</h2>
      <DeviceField label={t.microphone} devices={headset.inputs.value} chosen={headset.input.value} onChoose={(id) => headset.chooseInput(id)} />
      <DeviceField label={t.speaker} devices={headset.outputs.value} chosen={headset.output.value} onChoose={(id) => headset.chooseOutput(id)} />
      {testing && <Meter key={headset.input.value} />}
      <div class="row">
        <Button onClick={() => setTesting(!testing)}>{testing ? t.stop : t.start}</Button>
        <Button busy={playing} onClick={() => void play()}>{t.tone}</Button>
      </div>
    </section>
  )
}

function DeviceField({ label, devices, chosen, onChoose }: { label: string; devices: Device[]; chosen: string; onChoose: (id: string) => void }) {
  const t = agentTexts.value.headset
  return (
    <Field label={label}>
      {(control) => (
        <select {...control} value={devices.some(({ id }) => id === chosen) ? chosen : ''} onChange={(event) => onChoose(event.currentTarget.value)}>
          <option value="">{t.standard}</option>
          {devices.filter(({ id }) => id !== 'default').map((device, i) => (
            <option key={device.id} value={device.id}>{device.label || t.unnamed(i + 1)}</option>
          ))}
        </select>
      )}
    </Field>
  )
}

/** How loud the microphone is, and whether it was loud enough since it is shown. */
function Meter() {
  const t = agentTexts.value.headset
  const [level, setLevel] = useState(0)
  const [heard, setHeard] = useState(false)
  useEffect(() => {
    let end = () => {}
    let gone = false
    telephone.headset.microphone().then((stream) => {
      const stop = () => stream.getTracks().forEach((track) => track.stop())
      if (gone) return stop()
      const quiet = measure(stream, (now) => {
        setLevel(now)
        if (now >= good) setHeard(true)
      })
      end = () => {
        quiet()
        stop()
      }
    }, () => {})
    return () => {
      gone = true
      end()
    }
  }, [])
  return (
    <div class="meter-block">
      <meter class="meter" aria-label={t.level} min={0} max={1} low={good} high={0.9} optimum={0.6} value={level} />
      <p role="status">{heard ? t.good : `${t.low}. ${t.speak}`}</p>
    </div>
  )
}
