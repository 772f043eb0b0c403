import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** Tests that listen to a browser: another one beside it would take its audio thread's time. */
const IN_BROWSER = ['test/{browser,page,package,plugins,wam}/**/*.test.ts', 'test/worklet/{automation,node}.test.ts'];

const SHARED: TestProjectInlineConfiguration['test'] = {
  // A process for each file: WebAssembly flags and garbage collection are set on the command line.
  pool: 'forks',
  execArgv: ['--experimental-wasm-relaxed-simd', '--expose-gc'],
  testTimeout: 180_000,
  hookTimeout: 120_000,
};

export default defineConfig({
  test: {
    reporters: ['default', './test/summary-reporter.ts'],
    projects: [
      { test: { ...SHARED, name: 'node', include: ['test/**/*.test.ts'], exclude: IN_BROWSER, maxWorkers: 2, sequence: { groupOrder: 0 } } },
      { test: { ...SHARED, name: 'browser', include: IN_BROWSER, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});
