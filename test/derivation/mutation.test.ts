import { expect } from 'chai';
import type { AnyRecord } from '../../src/autodiff/op.js';
import { derivation } from '../../src/derivation/derivation.js';
import { registry } from '../../src/ops/registry.js';

describe('a changed sign in the LaTeX of an op', () => {
  let caught = 0;
  for (const op of registry as unknown as readonly AnyRecord[]) {
    it(`is noticed wherever it stands in ${op.name}`, () => {
      for (const { latex, mutated } of mutantsOf(op)) {
        expect(notices(mutated), `${op.name}: ${latex}`).to.equal(true);
        caught += 1;
      }
    });
  }

  it('names op, input, place, both numbers and the likely cause', () => {
    const [divide] = (registry as unknown as readonly AnyRecord[]).filter(({ name }) => name === 'divide');
    const broken = withGradient(divide!, 0, 'Y', (latex) => latex.replace(/= -\\frac/, String.raw`= \frac`));
    expect(() => derivation(broken).assert())
      .to.throw(/divide/)
      .with.property('message')
      .that.matches(
        /Y\^\\nabla_\{ij\}[\s\S]*i = \d, j = \d[\s\S]*-?\d+\.\d+[\s\S]*-?\d+\.\d+[\s\S]*sign lost/,
      );
  });

  after(() => console.log(`    mutants of derivations: ${caught} caught`));
});

function notices(op: AnyRecord): boolean {
  try {
    return !derivation(op).holds;
  } catch {
    return true; // a formula that no longer parses is noticed too
  }
}

/** Every formula of an op with one sign changed. */
function mutantsOf(op: AnyRecord): { latex: string; mutated: AnyRecord }[] {
  return op.math.flatMap((formula, k) => [
    ...signFlips(formula.forward).map((latex) => ({ latex, mutated: withForward(op, k, latex) })),
    ...op.inputs.flatMap((input) =>
      signFlips(formula.gradient[input]!).map((latex) => ({
        latex,
        mutated: withGradient(op, k, input, () => latex),
      })),
    ),
  ]);
}

/** A sign exchanged, or put behind an equals sign; indices and sizes are left alone. */
function signFlips(latex: string): string[] {
  const flips: string[] = [];
  for (const { 0: sign, index } of latex.matchAll(/[+-]|=(?= )/g)) {
    if (insideIndices(latex, index)) continue;
    const other = sign === '+' ? '-' : sign === '-' ? '+' : '= -';
    flips.push(latex.slice(0, index) + other + latex.slice(index + 1));
  }
  return flips;
}

/** Signs in subscripts and in brackets like [k = 3(i - 1) + j] belong to index arithmetic. */
function insideIndices(latex: string, index: number): boolean {
  const before = latex.slice(0, index);
  const depth = (open: RegExp, close: RegExp): number =>
    (before.match(open) ?? []).length - (before.match(close) ?? []).length;
  return depth(/\[/g, /\]/g) > 0 || /_\{[^}]*$/.test(before);
}

function withForward(op: AnyRecord, k: number, forward: string): AnyRecord {
  return { ...op, math: op.math.map((formula, j) => (j === k ? { ...formula, forward } : formula)) };
}

function withGradient(op: AnyRecord, k: number, input: string, change: (latex: string) => string): AnyRecord {
  const math = op.math.map((formula, j) =>
    j === k
      ? { ...formula, gradient: { ...formula.gradient, [input]: change(formula.gradient[input]!) } }
      : formula,
  );
  return { ...op, math };
}
