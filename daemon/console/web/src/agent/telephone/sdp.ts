/** Which side opens the DTLS association of the voice: the page (active) or the switch (passive). */
export type Setup = 'active' | 'passive'

/** The offer with the side that opens the association decided (RFC 4145, section 4). */
export function withSetup(offer: string, setup: Setup): string {
  return offer.replace(/^a=setup:[^\r\n]*/gm, `a=setup:${setup}`)
}
