import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { expect } from 'chai';

describe('gradbook kernel', () => {
  let home: string;
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'gradbook-home-'))));

  const run = (args: string[], environment: NodeJS.ProcessEnv = {}) =>
    spawnSync(process.execPath, ['dist/cli.js', 'kernel', ...args], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: home, ...environment },
    });
  const specIn = (...folders: string[]) => join(home, ...folders, 'kernels', 'gradbook', 'kernel.json');

  for (const [what, args, environment, folders] of [
    ['for the user', ['--user'], {}, ['.local', 'share', 'jupyter']],
    ['below a prefix', ['--prefix', 'HOME/here'], {}, ['here', 'share', 'jupyter']],
    ['in the active environment', ['--sys-prefix'], { VIRTUAL_ENV: 'HOME/v' }, ['v', 'share', 'jupyter']],
    ['where JUPYTER_DATA_DIR says', ['--user'], { JUPYTER_DATA_DIR: 'HOME/d' }, ['d']],
  ] as const) {
    it(`installs ${what}, and takes that back`, function () {
      if (process.platform !== 'linux') this.skip();
      const inHome = (text: string) => text.replace('HOME', home);
      const flags = args.map(inHome);
      const variables = Object.fromEntries(
        Object.entries(environment).map(([name, text]) => [name, inHome(text)]),
      );
      const { status, stdout } = run(['install', ...flags], variables);
      expect(status).to.equal(0);
      expect(stdout).to.include(home);
      const spec = JSON.parse(readFileSync(specIn(...folders), 'utf8')) as { argv: string[] };
      expect(spec).to.deep.equal({
        argv: [process.execPath, resolve('dist/cli.js'), 'kernel', 'start', '{connection_file}'],
        display_name: 'TypeScript (gradbook)',
        language: 'typescript',
        interrupt_mode: 'message',
        metadata: { debugger: false },
      });
      expect(run(['uninstall', ...flags], variables).status).to.equal(0);
      expect(existsSync(join(specIn(...folders), '..'))).to.equal(false);
    });
  }

  it('needs no Python', () => {
    const { status } = run(['install', '--prefix', home], { PATH: '' });
    expect(status).to.equal(0);
  });

  it('can be installed again', () => {
    expect(run(['install', '--prefix', home]).status).to.equal(0);
    expect(run(['install', '--prefix', home]).status).to.equal(0);
  });

  it('leaves the kernels of others alone', () => {
    const folder = join(home, 'share', 'jupyter', 'kernels', 'python3');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'kernel.json'), '{"argv": ["python", "-m", "ipykernel"]}');
    for (const action of ['install', 'uninstall']) {
      const { status, stderr } = run([action, '--prefix', home, '--name', 'python3']);
      expect(status).to.equal(2);
      expect(stderr).to.include('belongs to another kernel');
    }
    expect(readFileSync(join(folder, 'kernel.json'), 'utf8')).to.include('ipykernel');
  });

  for (const [what, args, message] of [
    ['no place', ['install'], /say where: --user/],
    ['two places', ['install', '--user', '--prefix', 'x'], /say where/],
    ['no environment', ['install', '--sys-prefix'], /neither VIRTUAL_ENV nor CONDA_PREFIX/],
    ['a name that is a path', ['install', '--user', '--name', '../x'], /no name of a kernel/],
    ['nothing to remove', ['uninstall', '--user'], /no kernel is installed there/],
    ['an unknown action', ['destroy'], /not "destroy"/],
    ['an unknown flag', ['install', '--force'], /--force/],
    ['no connection file', ['start'], /one connection file/],
    ['a connection file that is not there', ['start', 'none.json'], /none\.json: not a connection file/],
  ] as const) {
    it(`is refused with ${what}`, () => {
      const { status, stderr } = run([...args]);
      expect(status).to.equal(2);
      expect(stderr).to.match(message);
    });
  }

  it('explains itself', () => {
    const text = execFileSync(process.execPath, ['dist/cli.js', 'kernel', '--help'], { encoding: 'utf8' });
    expect(text).to.include('--sys-prefix');
  });
});
