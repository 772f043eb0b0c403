import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A process for each file: WebAssembly flags and garbage collection are set on the command line.
    pool: 'forks',
    maxWorkers: 2,
    execArgv: ['--experimental-wasm-relaxed-simd', '--expose-gc'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    reporters: ['default', './test/summary-reporter.ts'],
  },
});
