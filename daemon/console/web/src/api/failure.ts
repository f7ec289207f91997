/** One fault of what was sent: which field, what is wrong, what would be right. */
export interface FieldFault {
  field: string
  problem: string
  remedy: string
}

/** What the daemon refused, or why it could not be asked. */
export class Failure extends Error {
  override name = 'Failure'

  constructor(
    /** HTTP status; 0 when the daemon was not reached. */
    readonly status: number,
    /** The schema Failure's code; `network` when the daemon was not reached. */
    readonly code: string,
    message: string,
    readonly fields: FieldFault[] = [],
    /** Names the request in the daemon's log. */
    readonly request = '',
    /** The open follow-up, with code ticket_open. */
    readonly existing = '',
  ) {
    super(message)
  }

  /** The fault of one field, if it is among those refused. */
  of(field: string): FieldFault | undefined {
    return this.fields.find((fault) => fault.field === field)
  }

  /** Whether asking again later may help without anybody doing anything. */
  get passing(): boolean {
    return this.code === 'network' || this.status === 429 || this.status >= 500
  }
}

interface FailureBody {
  error?: { code?: string; message?: string; fields?: FieldFault[]; request?: string; existing?: string }
}

/** Reads a refusal; a proxy between may answer without the daemon's JSON. */
export async function failureOf(response: Response): Promise<Failure> {
  let body: FailureBody = {}
  try {
    body = (await response.json()) as FailureBody
  } catch {
    // no JSON: the status has to do
  }
  const error = body.error ?? {}
  return new Failure(
    response.status,
    error.code ?? 'internal',
    error.message ?? `HTTP ${response.status}`,
    error.fields ?? [],
    error.request ?? response.headers.get('X-Request-Id') ?? '',
    error.existing ?? '',
  )
}

/** What was thrown, as a Failure; anything but one means that the network failed. */
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown
  return new Failure(0, 'network', thrown instanceof Error ? thrown.message : String(thrown))
}
