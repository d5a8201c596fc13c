const skipped: string[] = [];

/** Skips a suite for want of a system package: says so at once, and again in a list when all tests are over. */
export function skipFor(suite: Mocha.Context, missing: string): never {
  if (skipped.length === 0) {
    process.once('exit', () =>
      console.log(`\nSkipped on this machine:\n${skipped.map((line) => `  ${line}\n`).join('')}`),
    );
  }
  skipped.push(`${suite.test?.parent?.fullTitle() ?? 'a suite'} (needs ${missing})`);
  console.log(`SKIPPED (needs ${missing})`);
  return suite.skip();
}
