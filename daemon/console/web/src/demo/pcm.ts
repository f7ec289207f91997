/** Makes samples of a stream of audio/L16: 16 bits, the high byte first. A sample may be cut in two by the network. */
export class Samples {
  private half: number | undefined

  take(bytes: Uint8Array): Float32Array<ArrayBuffer> {
    let from = 0
    const whole: number[] = []
    if (this.half !== undefined && bytes.length > 0) {
      whole.push(value(this.half, bytes[0]!))
      this.half = undefined
      from = 1
    }
    for (; from + 1 < bytes.length; from += 2) whole.push(value(bytes[from]!, bytes[from + 1]!))
    if (from < bytes.length) this.half = bytes[from]
    return new Float32Array(whole)
  }
}

function value(high: number, low: number): number {
  return (((high << 8) | low) << 16 >> 16) / 32768
}
