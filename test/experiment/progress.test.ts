import { expect } from 'chai';
import { bar, LiveLines } from '../../src/experiment/live-lines.js';
import { experimentProgress } from '../../src/experiment/progress.js';

/** A stream that keeps what is written. */
function stream(isTTY: boolean, columns = 40): NodeJS.WriteStream & { text: string } {
  const fake = { text: '', isTTY, columns, write: (text: string) => ((fake.text += text), true) };
  return fake as unknown as NodeJS.WriteStream & { text: string };
}

describe('the bar', () => {
  const cases: readonly [number, number, number, string][] = [
    [0, 10, 1, '░░░░░░░░░░░░░░░░░░░░ 0/10 epochs, 0.0 a second, starting'],
    [5, 10, 2, '██████████░░░░░░░░░░ 5/10 epochs, 2.5 a second, 2 s left'],
    [10, 10, 4, '████████████████████ 10/10 epochs, 2.5 a second, 0 s left'],
  ];
  for (const [done, total, seconds, text] of cases) {
    it(`reads ${text}`, () => expect(bar(done, total, 'epochs', seconds)).to.equal(text));
  }
});

describe('live lines', () => {
  it('are redrawn in place on a terminal, cut to its width, below what is printed', async () => {
    const out = stream(true, 10);
    const lines = new LiveLines(out, () => ['first', 'a second that is long']);
    lines.begin();
    await new Promise((resolve) => setTimeout(resolve, 130));
    lines.print('stays');
    lines.end();
    expect(out.text).to.equal('first\na second \u001b[1A\r\u001b[Jstays\n');
  });

  it('are not there on another stream', () => {
    const out = stream(false);
    const lines = new LiveLines(out, () => ['first']);
    lines.begin();
    lines.print('stays');
    lines.end();
    expect(out.text).to.equal('stays\n');
  });
});

describe('the progress of experiments', () => {
  it('has a line for each that is over, and for each failure', () => {
    const out = stream(false);
    const { tell, end } = experimentProgress(out);
    const plan = { trials: 2, stored: 0, missing: 2, epochs: 4 };
    tell({ kind: 'redone', experiment: 'relu', seed: 1, reason: 'it was torn' });
    tell({
      kind: 'planned',
      experiments: [
        { experiment: 'relu', ...plan },
        { ...plan, experiment: 'kept', stored: 2, missing: 0 },
      ],
    });
    for (const seed of [1, 2]) {
      tell({ kind: 'epoch', experiment: 'relu' });
      tell({ kind: 'epoch', experiment: 'relu' });
      if (seed === 1) tell({ kind: 'finished', experiment: 'relu', seed });
      else tell({ kind: 'failed', experiment: 'relu', seed, reason: 'why ever' });
    }
    end();
    expect(out.text.replace(/[\d.]+ s, [\d.]+ epochs/, 'T s, N epochs')).to.equal(
      '! relu, seed 1 is made again: it was torn\n' +
        '✓ kept: 2 trials, 2 from the store\n' +
        '✗ relu, seed 2 failed: why ever\n' +
        '✗ relu: 2 trials, 1 failed, T s, N epochs a second\n',
    );
  });

  it('has a bar for each that runs, on a terminal', async () => {
    const out = stream(true, 80);
    const { tell, end } = experimentProgress(out);
    const plan = { trials: 1, stored: 0, missing: 1, epochs: 2 };
    tell({
      kind: 'planned',
      experiments: ['relu', 'sigmoid', 'waiting'].map((experiment) => ({ experiment, ...plan })),
    });
    tell({ kind: 'epoch', experiment: 'relu' });
    tell({ kind: 'epoch', experiment: 'sigmoid' });
    await new Promise((resolve) => setTimeout(resolve, 130));
    end();
    expect(out.text)
      .to.match(/^relu {4}██████████░{10} 1\/2 epochs, .*\nsigmoid ██████████░{10} 1\/2 epochs, /)
      .and.not.to.contain('waiting');
  });
});
