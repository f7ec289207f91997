/** The quietest level that a meter shows, in dBFS. */
const floor = -60

/**
 * Measures how loud a microphone is, about 15 times a second: 0 for silence, 1 for
 * the loudest that there is, evenly by decibels. Returns how to end it.
 */
export function measure(stream: MediaStream, tell: (level: number) => void): () => void {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = 1024
  context.createMediaStreamSource(stream).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples)
    tell(levelOf(samples))
  }, 66)
  return () => {
    clearInterval(timer)
    void context.close()
  }
}

/** The level of samples between -1 and 1. */
export function levelOf(samples: Float32Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  const decibels = 10 * Math.log10(sum / samples.length || Number.MIN_VALUE)
  return Math.min(1, Math.max(0, 1 - decibels / floor))
}
