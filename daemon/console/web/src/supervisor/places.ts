/** A place in a text as the daemon tells it: lines from 1, columns in bytes of UTF-8 from 1. */
export interface Place {
  line: number
  column?: number | undefined
}

/** Where a place is in a text, in the units of JavaScript. */
export function offsetOf(text: string, { line, column = 1 }: Place): number {
  let start = 0
  for (let n = 1; n < line; n++) {
    const next = text.indexOf('\n', start)
    if (next < 0) return text.length
    start = next + 1
  }
  let offset = start
  for (let bytes = 1; bytes < column && offset < text.length && text[offset] !== '\n';) {
    const point = text.codePointAt(offset)!
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
    offset += point < 0x10000 ? 1 : 2
  }
  return offset
}

/** Where the line of an offset ends. */
export function endOfLine(text: string, offset: number): number {
  const next = text.indexOf('\n', offset)
  const end = next < 0 ? text.length : next
  return text[end - 1] === '\r' && end > offset ? end - 1 : end
}

/** The kind of a file, by its name: JSON lines, or CSV. */
export function mediaTypeOf(name: string): string {
  return /\.(jsonl|ndjson)$/i.test(name) ? 'application/x-ndjson' : 'text/csv'
}
