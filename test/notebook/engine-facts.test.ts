import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { engineFingerprint, reproductionTable } from '../../src/notebook/engine-facts.js';

describe('what one needs to know to repeat results', () => {
  it('begins with hashes that are the same when they are taken again', () => {
    expect(engineFingerprint())
      .to.match(/^[\da-f]{16}$/)
      .and.to.equal(engineFingerprint());
    expect(reproductionTable().rows).to.deep.equal(reproductionTable().rows);
  });

  it('counts the packages that are asked for', () => {
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: object };
    const names = reproductionTable().rows.map(([what]) => what);
    expect(names).to.include(`its ${Object.keys(dependencies).length} packages and their versions (SHA-256)`);
  });
});
