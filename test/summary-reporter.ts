import type { Reporter, TestModule } from 'vitest/node';

/** Ends the run with one plain sentence, after vitest's own summary. */
export default class SummaryReporter implements Reporter {
  readonly #start = Date.now();

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0;
    let failed = errors.length;
    let skipped = 0;
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed++;
        else if (state === 'failed') failed++;
        else skipped++;
      }
    }
    const seconds = Math.round((Date.now() - this.#start) / 1000);
    const notRun = skipped > 0 ? `, ${skipped} skipped` : '';
    const verdict = failed === 0 ? `All ${passed} tests in ${modules.length} files passed` : `${failed} failed, ${passed} passed`;
    process.stdout.write(`${verdict}${notRun}, in ${seconds} s.\n`);
  }
}
