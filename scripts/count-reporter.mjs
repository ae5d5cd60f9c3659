/** A vitest reporter that ends the run with one line of real counts: `N passed, N failed`. */
export default class CountReporter {
  onTestRunEnd(testModules, unhandledErrors) {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const testModule of testModules) {
      // A file that cannot even be loaded has no tests, but it is a failure.
      const brokenFile = testModule.errors().length;
      counts.failed += brokenFile;
      for (const test of testModule.children.allTests()) {
        const { state } = test.result();
        counts[state === 'passed' ? 'passed' : state === 'failed' ? 'failed' : 'skipped'] += 1;
      }
    }
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
    // The default reporter prints its summary in the same hook; the next tick comes after it.
    process.on('exit', () => process.stdout.write(`${counts.passed} passed, ${counts.failed} failed${skipped}\n`));
  }
}
