/**
 * Prints the last line of a test run, `N passed, N failed, N skipped`, as the runner has counted them. What has no
 * test to blame (a file that cannot be loaded, an error outside of tests) counts as one failure each.
 */
import type { Reporter, SerializedError, TestModule, TestRunEndReason } from 'vitest/node';

export default class SummaryReporter implements Reporter {
  private line = '';

  onInit(): void {
    // After everything that the other reporters print at the end of the run.
    process.once('exit', () => {
      if (this.line !== '') process.stdout.write(`${this.line}\n`);
    });
  }

  onTestRunEnd(
    modules: readonly TestModule[],
    unhandled: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    const count = { passed: 0, failed: unhandled.length + (reason === 'interrupted' ? 1 : 0), skipped: 0 };
    for (const module of modules) {
      // Errors of a file or a `describe` itself: its import, its hooks.
      count.failed += module.errors().length;
      for (const suite of module.children.allSuites()) count.failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state !== 'pending') count[state]++;
      }
    }
    // A run in which nothing ran has shown nothing.
    if (count.failed > 0 || count.passed === 0) process.exitCode = 1;
    const skipped = count.skipped === 0 ? '' : `, ${count.skipped} skipped`;
    this.line = `${count.passed} passed, ${count.failed} failed${skipped}`;
  }
}
