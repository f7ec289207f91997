// The parts of JsSIP 3.13.8 without types of their own that resuming a dialog needs.

declare module 'jssip/lib/Parser.js' {
  import type { UA } from 'jssip/lib/UA'
  import type { IncomingRequest } from 'jssip/lib/SIPMessage'
  export function parseMessage(text: string, ua: UA): (IncomingRequest & { to_tag: string }) | undefined
}

declare module 'jssip/lib/Dialog.js' {
  import type { IncomingRequest } from 'jssip/lib/SIPMessage'
  export default class Dialog {
    error?: string
    local_seqnum: number
    constructor(owner: unknown, message: IncomingRequest, type: 'UAS')
  }
}
