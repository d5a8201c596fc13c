import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

describe('the build', function () {
  this.timeout(60_000);
  let project: string;

  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  };
  const read = (path: string) => readFileSync(join(project, path), 'utf8');
  const build = () => execFileSync(process.execPath, ['build.mjs', project], { stdio: 'pipe' });

  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), 'gradbook-build-'));
    write('tsconfig.json', '{}');
    write(
      'tsconfig.build.json',
      '{ "compilerOptions": { "target": "ES2022", "module": "ES2022", "types": [], "rootDir": "src", "outDir": "dist" }, "include": ["src"] }',
    );
    write('src/a/one.ts', 'export const one: number = 1;\n');
  });

  afterEach(() => rmSync(project, { recursive: true, force: true }));

  it('removes what was compiled from a source that is no more, and nothing else', () => {
    for (const path of ['dist/a/then.js', 'dist/a/then.js.map', 'dist/a/then.d.ts']) write(path, '{}');
    build();
    const files = readdirSync(join(project, 'dist'), { recursive: true, encoding: 'utf8' });
    expect(files.map((path) => path.replaceAll('\\', '/')).sort()).to.deep.equal(['.built', 'a', 'a/one.js']);
  });

  it('builds again when a source or what was built has changed, and only then', () => {
    const built = () => statSync(join(project, 'dist/a/one.js')).mtimeMs;
    build();
    const first = built();
    build();
    expect(built()).to.equal(first);
    write('src/a/one.ts', 'export const one: number = 2;\n');
    build();
    expect(read('dist/a/one.js')).to.include('one = 2');
    write('dist/a/one.js', 'export const one = 3;\n');
    build();
    expect(read('dist/a/one.js')).to.include('one = 2');
    rmSync(join(project, 'dist/a/one.js'));
    build();
    expect(read('dist/a/one.js')).to.include('one = 2');
  });

  it('fails when a source does not compile, also at the second try', () => {
    write('src/a/one.ts', 'export const one: number = "1";\n');
    expect(build).to.throw();
    expect(build).to.throw();
  });
});
