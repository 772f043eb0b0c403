import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

type Project = NonNullable<TestProjectInlineConfiguration['test']>;

/** Tests that start a browser. */
const IN_BROWSER = ['test/{browser,page,plugins,wam}/**/*.test.ts', 'test/package/{bundlers,snippets}.test.ts', 'test/worklet/{automation,node}.test.ts'];
/** Those of them to which another program beside them would make a difference, as it takes time from the audio thread. */
const UNDISTURBED = [
  'test/browser/{audio-thread,determinism,kernel-speed,slow-machine}.test.ts',
  'test/page/{pieces,recordings,takes,tone}.test.ts',
  'test/plugins/host.test.ts',
  'test/wam/{audio-thread,instrument}.test.ts',
];

const SHARED: Project = {
  // A process for each file: WebAssembly flags and garbage collection are set on the command line.
  pool: 'forks',
  execArgv: ['--experimental-wasm-relaxed-simd', '--expose-gc'],
  testTimeout: 180_000,
  hookTimeout: 120_000,
  maxWorkers: 2,
};

/** What is heard in real time is missed where the machine is busy just then; once more, and it counts. */
const REAL_TIME: Project = { ...SHARED, retry: 1 };

export default defineConfig({
  test: {
    reporters: ['default', './test/summary-reporter.ts'],
    projects: [
      { test: { ...SHARED, name: 'node', include: ['test/**/*.test.ts'], exclude: IN_BROWSER } },
      { test: { ...REAL_TIME, name: 'browser', include: IN_BROWSER, exclude: UNDISTURBED } },
      { test: { ...REAL_TIME, name: 'alone', include: UNDISTURBED, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});
