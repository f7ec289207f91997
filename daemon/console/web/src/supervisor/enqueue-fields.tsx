import type { FieldFault } from '../api/failure'
import type { Agent, Route } from '../api/types'
import { terms } from '../i18n/terms'
import { Field } from '../ui/field'
import { isOpinion, type Draft } from './draft'
import { supervisorTexts } from './texts'

interface Props {
  draft: Draft
  agents: readonly Agent[]
  faultOf: (field: string) => FieldFault | undefined
  onChange: (part: Partial<Draft>) => void
}

/** The fields of a follow-up; those of opinions show with their routes. */
export function EnqueueFields({ draft, agents, faultOf, onChange }: Props) {
  const t = supervisorTexts.value.fields
  const { route, directorate } = terms.value
  const routeFault = faultOf('route')
  const unasked = draft.route === 'opinion_unrequested'
  return (
    <div class="fields">
      <Field label={terms.value.ticket} fault={faultOf('ticket')}>
        {(control) => <input {...control} name="ticket" autocomplete="off" required value={draft.ticket} onInput={(event) => onChange({ ticket: event.currentTarget.value })} />}
      </Field>
      <Field label={t.route} fault={routeFault && { ...routeFault, remedy: t.chooseRoute }}>
        {(control) => (
          <select {...control} name="route" required value={draft.route} onChange={(event) => onChange({ route: event.currentTarget.value as Route | '' })}>
            <option value="">{t.choose}</option>
            {Object.entries(route).map(([value, name]) => <option key={value} value={value}>{name}</option>)}
          </select>
        )}
      </Field>
      {isOpinion(draft.route) && (
        <Field label={t.directorate} fault={faultOf('directorate')}>
          {(control) => (
            <select {...control} name="directorate" value={draft.directorate} onChange={(event) => onChange({ directorate: event.currentTarget.value })}>
              <option value="">{t.choose}</option>
              {Object.entries(directorate).map(([value, name]) => <option key={value} value={value}>{name}</option>)}
            </select>
          )}
        </Field>
      )}
      {unasked && (
        <Field label={t.follows} hint={t.followsHint} fault={faultOf('follows')}>
          {(control) => <input {...control} name="follows" autocomplete="off" value={draft.follows} onInput={(event) => onChange({ follows: event.currentTarget.value })} />}
        </Field>
      )}
      <Field label={t.taxpayer} fault={faultOf('taxpayer')}>
        {(control) => <input {...control} name="taxpayer" autocomplete="off" required value={draft.taxpayer} onInput={(event) => onChange({ taxpayer: event.currentTarget.value })} />}
      </Field>
      <Field label={t.npwp} hint={t.optional} fault={faultOf('npwp')}>
        {(control) => <input {...control} name="npwp" inputMode="numeric" autocomplete="off" value={draft.npwp} onInput={(event) => onChange({ npwp: event.currentTarget.value })} />}
      </Field>
      <Field label={t.phone} hint={t.phoneHint} fault={faultOf('phone')}>
        {(control) => <input {...control} name="phone" type="tel" autocomplete="off" required value={draft.phone} onInput={(event) => onChange({ phone: event.currentTarget.value })} />}
      </Field>
      <Field label={t.extension} hint={t.optional} fault={faultOf('extension')}>
        {(control) => <input {...control} name="extension" inputMode="numeric" autocomplete="off" value={draft.extension} onInput={(event) => onChange({ extension: event.currentTarget.value })} />}
      </Field>
      <div class="wide">
        <Field label={terms.value.message} fault={faultOf('message')}>
          {(control) => <textarea {...control} name="message" rows={4} maxLength={4000} required value={draft.message} onInput={(event) => onChange({ message: event.currentTarget.value })} />}
        </Field>
      </div>
      <Field label={t.received} hint={t.receivedHint} fault={faultOf('received_at')}>
        {(control) => <input {...control} name="received_at" type="datetime-local" value={draft.received} onInput={(event) => onChange({ received: event.currentTarget.value })} />}
      </Field>
      <Field label={terms.value.agent} hint={unasked ? t.agentNeeded : t.agentHint} fault={faultOf('agent')}>
        {(control) => (
          <select {...control} name="agent" value={draft.agent} onChange={(event) => onChange({ agent: event.currentTarget.value })}>
            <option value="">{unasked ? t.agentLater : t.agentAny}</option>
            {agents.map(({ id, presence }) => <option key={id} value={id}>{`${id} (${terms.value.presence[presence]})`}</option>)}
          </select>
        )}
      </Field>
    </div>
  )
}
