/**
 * Bundles app.ts with esbuild so that it runs without node_modules: `node --import tsx examples/bundle/build.ts OUT`.
 * pino starts workers from files: each is an entry of its own, and pino is told where it is.
 */
import { build } from 'esbuild'

// #region build
await build({
  entryPoints: {
    app: 'examples/bundle/app.ts',
    'pino-worker': 'pino/lib/worker.js',
    'pino-file': 'pino/file.js',
    'thread-stream-worker': 'thread-stream/lib/worker.js',
    'pino-loudsink': 'pino-loudsink',
  },
  outdir: process.argv[2] ?? 'bundle',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  banner: {
    js: `
      import { createRequire as __createRequire } from 'node:module'
      import { dirname as __dirnameOf, join as __join } from 'node:path'
      import { fileURLToPath as __pathOf } from 'node:url'
      const require = __createRequire(import.meta.url)
      const __filename = __pathOf(import.meta.url)
      const __dirname = __dirnameOf(__filename)
      globalThis.__bundlerPathsOverrides = Object.fromEntries(
        [['pino-worker'], ['pino/file', 'pino-file'], ['thread-stream-worker'], ['pino-loudsink']]
          .map(([name, file = name]) => [name, __join(__dirname, file + '.mjs')]),
      )`,
  },
})
// #endregion
