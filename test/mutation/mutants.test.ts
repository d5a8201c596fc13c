import { expect } from 'chai';
import type { AnyRecord } from '../../src/autodiff/op.js';
import { type JudgedMutant, mutants } from '../../src/mutation/mutants.js';
import { registry } from '../../src/ops/registry.js';

const ops = registry as unknown as readonly AnyRecord[];
const opCalled = (name: string): AnyRecord => ops.find((op) => op.name === name)!;
const missed = (all: readonly JudgedMutant[]): string[] =>
  all.filter(({ verdict }) => verdict === 'missed').map(({ name }) => name);

describe('mutants of rules and formulas', () => {
  const all: JudgedMutant[] = [];

  for (const op of ops) {
    it(`of ${op.name} are all caught, or listed by name in its record with the reason`, () => {
      const own = mutants(op);
      all.push(...own);
      expect(missed(own), 'mutants that no check noticed').to.deep.equal([]);
      const excused = own.filter(({ verdict }) => verdict === 'equivalent').map(({ name }) => name);
      const listed = Object.values(op.equivalentMutants ?? {}).flat();
      expect(listed, 'listed as equivalent').to.have.members(excused);
    });
  }

  it('change every rule of every op, fused ones too, and every formula', () => {
    for (const op of ops) {
      const of = new Set(mutants(op).map((mutant) => mutant.of.replace(/ \(\d\)/, '')));
      const fused = Object.keys(op.fused ?? {}).map((input) => `${input}, fused`);
      expect([...of]).to.include.members(['S', ...op.inputs, ...fused]);
    }
  });

  it('are of every kind that a rule or a formula allows', () => {
    const kinds = (name: string): string[] => [...new Set(mutants(opCalled(name)).map(({ kind }) => kind))];
    expect(kinds('softmax')).to.have.members([
      'sign flipped',
      'inputs swapped',
      'factor dropped',
      'sum dropped',
      'indices swapped',
    ]);
    expect(kinds('convolve')).to.include('step dropped');
  });

  it('change signs in subscripts as well', () => {
    const changes = mutants(opCalled('reshape')).map(({ name }) => name);
    expect(changes).to.include(String.raw`X: 3 \left(i - 1\right) + j → -3 \left(i - 1\right) + j`);
    expect(changes).to.include(String.raw`X: i - 1 → i + 1`);
  });

  it('are missed, and named, where no reason excuses them', () => {
    expect(missed(mutants({ ...opCalled('multiply'), equivalentMutants: {} }))).to.deep.equal([
      'X: multiply(gradient, Y) → multiply(Y, gradient)',
      'Y: multiply(gradient, X) → multiply(X, gradient)',
    ]);
  });

  it('are missed where the samples are too few to tell a sum from its only term', () => {
    const alone = { ...opCalled('normalize'), samples: [{ shapes: { X: [1] } }] };
    expect(missed(mutants(alone))).to.not.have.length(0);
  });

  it('need rules that are right before anything is changed', () => {
    const add = opCalled('add');
    const wrong = { ...add, backward: { ...add.backward, Y: add.backward['X']! } };
    expect(() => mutants(wrong)).to.throw('add: the rule for Y is wrong on its sample');
  });

  after(() => {
    const count = (part: string, verdict: string): number =>
      all.filter((mutant) => mutant.in === part && mutant.verdict === verdict).length;
    for (const part of ['rule', 'formula']) {
      console.log(
        `    mutants of ${part}s: ${count(part, 'caught')} caught, ${count(part, 'equivalent')} equivalent, ${count(part, 'missed')} missed`,
      );
    }
  });
});
