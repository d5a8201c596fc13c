import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listCommand, runsCommand, trainCommand } from '../../src/experiment/commands.js';
import { experiments } from '../../src/experiment/definitions.js';
import { decodeTrial, encodeTrial, trialId } from '../../src/experiment/trial-record.js';
import { inFolder, runOf, small } from './small.js';

const smallSize = ['data.train=640', 'data.validation=200', 'epochs=2', 'batchSize=64'].flatMap((one) => [
  '--set',
  one,
]);
const suffix = '[data.train=640,data.validation=200,epochs=2,batchSize=64]';

describe('gradbook list', () => {
  it('has one name a line, in the first column', async () => {
    const { code, out } = await said(() => listCommand([]));
    expect(code).to.equal(0);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).to.deep.equal(Object.keys(experiments));
  });

  it('prints records as JSON', async () => {
    const { out } = await said(() => listCommand(['relu', 'nesterov-2020', '--json']));
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).to.deep.equal([experiments.relu, experiments['nesterov-2020']]);
  });
});

describe('gradbook train and gradbook runs', () => {
  it('train, keep, list, filter and export', () =>
    inFolder(async (store) => {
      const train = await said(() =>
        trainCommand(['relu', 'rate-2-to-e-2020', '--seeds', '2', ...smallSize, '--store', store]),
      );
      expect(train.code).to.equal(0);
      expect(train.out)
        .to.match(/^experiment +trials +final accuracy/)
        .and.to.match(new RegExp(`\nrelu${escaped(suffix)} +2 +0\\.`));
      expect(train.err).to.match(
        new RegExp(`✓ relu${escaped(suffix)}: 2 trials, [\\d.]+ s, [\\d.]+ epochs a second\n`),
      );
      expect(readdirSync(store)).to.have.length(4);

      const again = await said(() =>
        trainCommand(['relu', '--seeds', '1-2', ...smallSize, '--store', store]),
      );
      expect(again).to.include({ code: 0, err: `✓ relu${suffix}: 2 trials, 2 from the store\n` });

      const list = await said(() => runsCommand(['--store', store]));
      expect(list.code).to.equal(0);
      expect(
        list.out
          .trimEnd()
          .split('\n')
          .map((line) => line.split(/ +/).slice(0, 3).join(' ')),
      ).to.deep.equal([
        'experiment seed epochs',
        `rate-2-to-e-2020${suffix} 1 2`,
        `rate-2-to-e-2020${suffix} 2 2`,
        `relu${suffix} 1 2`,
        `relu${suffix} 2 2`,
      ]);

      const csv = await said(() => runsCommand(['relu*', '--seed', '2', '--csv', '--store', store]));
      expect(csv.out.split('\n')).to.have.length(3);
      expect(csv.out)
        .to.match(/^experiment,seed,epochs,finalLoss,finalAccuracy,/)
        .and.to.contain(`"relu${suffix}",2,2,0.`);

      const epochs = await said(() => runsCommand([`relu${suffix}`, '--epochs', '--store', store]));
      expect(epochs.out.trimEnd().split('\n')).to.have.length(1 + 2 * 3);

      const lines = await said(() => runsCommand(['--jsonl', '--store', store]));
      for (const line of lines.out.trimEnd().split('\n')) {
        const { id } = JSON.parse(line) as { id: string };
        expect(`${line}\n`).to.equal(readFileSync(join(store, `${id}.json`), 'utf8'));
        expect(decodeTrial(line, id).run.history).to.have.length(3);
      }

      const typo = join(store, 'typo');
      const absent = await said(() => runsCommand(['--store', typo]));
      expect(absent.code).to.equal(2);
      expect(absent.err).to.contain(`there is no store ${typo}`);
      expect(existsSync(typo)).to.equal(false);
      const none = await said(() => runsCommand(['nestrov*', 'relu*', '--csv', '--store', store]));
      expect(none).to.include({ code: 1, err: 'gradbook runs: the store has no trial of "nestrov*".\n' });
      expect(none.out.split('\n')).to.have.length(4);
      const near = await said(() => runsCommand([`rleu${suffix}`, '--store', store]));
      expect(near.err).to.contain(`Did you mean "relu${suffix}"`);
      const twice = await said(() => runsCommand(['--csv', '--jsonl', '--store', store]));
      expect(twice).to.deep.include({ code: 2, out: '' });
      expect(twice.err).to.contain('exclude each other');
    }));

  it('train an experiment from a file', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'mine.json');
      writeFileSync(file, JSON.stringify(small('relu', { name: 'mine', seeds: 1 })));
      const { code, out } = await said(() => trainCommand([file, '--store', join(folder, 'runs')]));
      expect(code).to.equal(0);
      expect(out).to.match(/\nmine +1 +0\./);
    }));

  it('name the files that are no records, and exit with 1', () =>
    inFolder(async (store) => {
      writeFileSync(join(store, 'notes.txt'), '');
      const { code, err } = await said(() => runsCommand(['--store', store]));
      expect(code).to.equal(1);
      expect(err).to.equal(
        'gradbook runs: not readable as a trial:\n  notes.txt: its name is not that of a record\n',
      );
    }));

  it('mark trials of other code, which are shown only when asked for', () =>
    inFolder(async (store) => {
      const trial = { experiment: small(), seed: 1 };
      writeFileSync(
        join(store, `${trialId(trial, '0123456789')}.json`),
        encodeTrial(trial, '0123456789', runOf([0.5, 0.9])),
      );
      const hidden = await said(() => runsCommand(['--store', store]));
      expect(hidden).to.deep.equal({
        code: 0,
        out: '',
        err: '1 more are of other code than the present; --old shows them\n',
      });
      const shown = await said(() => runsCommand(['--old', '--store', store]));
      expect(shown.out).to.match(/\nrelu@01234567 +1 +1 +0\.9000 +f00d\n$/);
    }));

  it('exit with 1 and a list when a trial is not complete', () =>
    inFolder(async (store) => {
      const stopping = said(() =>
        trainCommand(['relu', '--seeds', '1', '--set', 'epochs=100000', '--store', store]),
      );
      setTimeout(() => process.emit('SIGINT'), 300);
      const { code, err } = await stopping;
      expect(code).to.equal(1);
      expect(err).to.contain(
        'gradbook train: 1 trial is not complete:\n  1 called off; run again to go on from here',
      );
      expect(process.listenerCount('SIGINT')).to.equal(listeners);
    }));

  const listeners = process.listenerCount('SIGINT');
  const mistakes: readonly [readonly string[], string][] = [
    [
      ['rleu'],
      'gradbook train: there is no experiment "rleu". Did you mean "relu"? gradbook list names them all\n',
    ],
    [['toString'], 'gradbook train: there is no experiment "toString". gradbook list names them all\n'],
    [[], 'gradbook train: name an experiment; gradbook list shows which there are\n'],
    [
      ['relu', '--seeds', 'many'],
      'gradbook train: --seeds many: write how many (10), which (3,7), or from which to which (11-20)\n',
    ],
    [
      ['relu', '--seeds', '7-3'],
      'gradbook train: --seeds 7-3: write how many (10), which (3,7), or from which to which (11-20)\n',
    ],
    [['relu', '--seeds', '0'], 'gradbook train: there are to be 0 seeds'],
    [['relu', '--seeds', '3', '--quick'], 'gradbook train: --quick and --seeds exclude each other\n'],
    [
      ['relu', '--workers', '0'],
      'gradbook train: --workers is "0", but it must be a whole number, at least 1\n',
    ],
    [['relu', '--set', 'optimizer.rte=1'], 'gradbook train: optimizer.rte: there is no such field'],
    [['relu', '--fast'], "gradbook train: Unknown option '--fast'"],
    [['nowhere.json'], 'gradbook train: nowhere.json cannot be read: ENOENT'],
    [['package.json'], 'gradbook train: package.json is no experiment: version: there is no such field'],
    [['README.md.json'], 'gradbook train: README.md.json cannot be read'],
    [['relu', '--store', 'package.json'], 'gradbook train: the store package.json cannot be used'],
  ];
  for (const [args, message] of mistakes) {
    it(`gradbook train ${args.join(' ')} explains itself and exits with 2`, async () => {
      const { code, out, err } = await said(() => trainCommand([...args]));
      expect({ code, out }).to.deep.equal({ code: 2, out: '' });
      expect(err.slice(0, message.length)).to.equal(message);
    });
  }

  it('explain their options', async () => {
    for (const command of [listCommand, trainCommand, runsCommand]) {
      const { code, out } = await said(() => command(['--help']));
      expect(code).to.equal(0);
      expect(out).to.match(/^Usage: gradbook (list|train|runs) /);
    }
  });
});

/** What a command writes, and its exit code. */
async function said(command: () => Promise<number>): Promise<{ code: number; out: string; err: string }> {
  const written = { out: '', err: '' };
  const { stdout, stderr } = process;
  const originals = [stdout.write.bind(stdout), stderr.write.bind(stderr)] as const;
  const listen = (key: 'out' | 'err') => (text: Uint8Array | string) => (
    (written[key] += String(text)),
    true
  );
  stdout.write = listen('out');
  stderr.write = listen('err');
  try {
    return { code: await command(), ...written };
  } finally {
    stdout.write = originals[0];
    stderr.write = originals[1];
  }
}

function escaped(text: string): string {
  return text.replace(/[[\].]/g, '\\$&');
}
