import type { ID } from '../api/types'

/** The ticket, leading to all that is known of its follow-up. */
export function TicketLink({ id, ticket }: { id: ID; ticket: string }) {
  return <a class="ticket" href={`/supervisor/${id}`}>{ticket}</a>
}
