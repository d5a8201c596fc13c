import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { skipFor } from '../skips.js';

const executable = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Starts Chromium. Without one the calling suite is skipped, and says so; in continuous integration it fails. */
export async function startChromium(suite: Mocha.Context): Promise<Browser> {
  if (!existsSync(executable)) {
    if (process.env['CI'] !== undefined)
      throw new Error(`there is no Chromium at ${executable}: set CHROMIUM`);
    return skipFor(suite, 'chromium');
  }
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath: executable,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
}
