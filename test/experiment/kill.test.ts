import { expect } from 'chai';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { random } from '../../src/random/random.js';
import { inFolder } from './small.js';

const KILLS = 10;
const SEEDS = 64;

describe('gradbook train, killed again and again', () => {
  it(`comes to the same bytes after ${KILLS} kills at random moments as without any`, () =>
    inFolder(async (folder) => {
      const killed = join(folder, 'killed');
      const undisturbed = join(folder, 'undisturbed');
      const waits = random(0).split('kills').uniforms(KILLS);
      for (const wait of waits) {
        const child = train(killed);
        await newFile(killed, child);
        await new Promise((resolve) => setTimeout(resolve, 60 * wait));
        child.kill('SIGKILL');
        expect(await exit(child)).to.equal('SIGKILL');
      }
      const survived = records(killed).length;
      expect(survived).to.be.within(KILLS, SEEDS - 1); // each was killed in the middle of its work
      expect(await exit(train(killed))).to.equal(0);
      expect(await exit(train(undisturbed))).to.equal(0);
      expect(readdirSync(killed).filter((name) => name.endsWith('.tmp'))).to.deep.equal([]);
      expect(contents(killed)).to.deep.equal(contents(undisturbed));
      expect(contents(killed)).to.have.length(SEEDS);
    })).timeout(240_000);
});

function train(store: string): ChildProcess {
  const entry = fileURLToPath(new URL('./train-child.ts', import.meta.url));
  const size = ['--set', 'data.train=20000', '--set', 'data.validation=1000', '--set', 'epochs=30'];
  const args = ['--import', 'tsx', entry, 'relu', '--seeds', String(SEEDS), ...size, '--store', store];
  return spawn(process.execPath, args, { stdio: 'ignore' });
}

/** Resolves when the store holds a record that it did not hold before. */
async function newFile(store: string, child: ChildProcess): Promise<void> {
  const before = records(store).length;
  while (records(store).length === before) {
    if (child.exitCode !== null) throw new Error(`the training ended by itself with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function exit(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
}

function records(store: string): string[] {
  return existsSync(store) ? readdirSync(store).filter((name) => name.endsWith('.json')) : [];
}

function contents(store: string): [string, string][] {
  return readdirSync(store)
    .sort()
    .map((name) => [name, readFileSync(join(store, name), 'utf8')]);
}
