import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { opsReadme, readmePath } from './readme.js';

describe('the page about ops', () => {
  it('is what the registry makes of it; "npx tsx test/ops/readme.ts" writes it again', async () => {
    expect(readFileSync(readmePath, 'utf8')).to.equal(await opsReadme());
  });
});
