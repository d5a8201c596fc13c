import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

describe('the build', () => {
  it('removes what was compiled from a source that is no more, and nothing else', () => {
    const project = mkdtempSync(join(tmpdir(), 'gradbook-leftovers-'));
    try {
      const kept = [
        'dist/.tsbuildinfo',
        'dist/a/now.js',
        'dist/a/now.js.map',
        'dist/a/now.d.ts',
        'src/a/now.ts',
      ];
      const left = ['dist/a/then.js', 'dist/a/then.js.map', 'dist/a/then.d.ts', 'dist/a/then.d.ts.map'];
      for (const path of [...kept, ...left]) {
        mkdirSync(dirname(join(project, path)), { recursive: true });
        writeFileSync(join(project, path), '');
      }
      execFileSync(process.execPath, ['remove-leftovers.mjs', project]);
      const files = readdirSync(project, { recursive: true, encoding: 'utf8' }).filter((path) =>
        /\./.test(path),
      );
      expect(files.map((path) => path.replaceAll('\\', '/')).sort()).to.deep.equal([...kept].sort());
    } finally {
      rmSync(project, { recursive: true, force: true });
    }
  });
});
