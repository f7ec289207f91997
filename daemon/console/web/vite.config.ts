import { rmSync } from 'node:fs'
import { defineConfig, type Plugin } from 'vite'
import { standIn } from './dev/stand-in.ts'

const output = '../dist'

/** Removes what an earlier build left, but not the files of the Go package beside it. */
function clearOutput(): Plugin {
  return {
    name: 'clear-output',
    apply: 'build',
    buildStart: () => {
      for (const name of ['assets', 'index.html']) rmSync(`${output}/${name}`, { recursive: true, force: true })
    },
  }
}

export default defineConfig({
  plugins: [clearOutput(), standIn()],
  build: {
    outDir: output,
    emptyOutDir: false,
    target: 'es2022',
    // The content security policy allows nothing inline, not even data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
