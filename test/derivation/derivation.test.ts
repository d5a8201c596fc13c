import { expect } from 'chai';
import type { AnyRecord } from '../../src/autodiff/op.js';
import { GradbookError } from '../../src/tensor/error.js';
import { registry } from '../../src/ops/registry.js';
import { derivation } from '../../src/derivation/derivation.js';
import { elementwise } from '../../src/ops/functions.js';

describe('the derivation of every op', () => {
  for (const op of registry) {
    it(`of ${op.name} holds at every equality, against the code, dual numbers and differences`, () => {
      derivation(op).assert();
    });
  }
});

describe('the derivation of an op whose formula says more than one thing', () => {
  const multiply = (registry as unknown as readonly AnyRecord[]).find((op) => op.name === 'multiply')!;
  const withForward = (forward: string): AnyRecord => ({
    ...multiply,
    math: [{ ...multiply.math[0]!, forward }],
  });

  it('compares the definition of the output with the code, wherever it stands', () => {
    const sizes = String.raw`X \in \mathbb R^{n \times m}`;
    for (const [forward, holds] of [
      [String.raw`${sizes}, \quad S_{ij} = X_{ij} Y_{ij}`, true],
      [String.raw`${sizes}, \quad S_{ij} = X_{ij} Y_{ij} + 5`, false],
    ] as const)
      expect(derivation(withForward(forward)).formulas[0]!.forward.holds, forward).to.equal(holds);
    expect(derivation(withForward(String.raw`${sizes}, \quad S_{ij} = X_{ij} Y_{ij} + 5`)).holds).to.equal(
      false,
    );
  });

  it('is refused without a definition of the output', () => {
    expect(() => derivation(withForward('Q_{ij} = X_{ij} Y_{ij}'))).to.throw(GradbookError);
  });
});

describe('what a derivation says of its witnesses', () => {
  const texts = (name: string): string[] => {
    const ops = registry as unknown as readonly AnyRecord[];
    const found = derivation(ops.find((op) => op.name === name)!);
    return [String(found), found.display()['text/markdown'] as string];
  };

  it('is that the code equals finite differences where nothing lies between them', () => {
    for (const op of ['select', 'scatter']) {
      for (const text of texts(op)) {
        expect(text).to.include(
          "the code's gradient is exactly that of the formula on dual numbers and equals that by finite differences",
        );
      }
    }
  });

  it('is how far the code is from them elsewhere', () => {
    const said = /on dual numbers and (differs by at most|by) \S.* from finite differences/;
    for (const text of ['divide', 'matmul'].flatMap(texts)) {
      expect(text).to.match(said);
      expect(text).to.not.match(/at most \$?0\$? of/);
    }
  });

  it('judges no formula where the op itself is wrong: by its gradient a wrong one would hold', () => {
    const wrong = elementwise(
      (x) => x * x * x,
      (x) => 2 * x * x,
    );
    for (const latex of [String.raw`2 S^\nabla_{ij} X_{ij}^2`, String.raw`3 S^\nabla_{ij} X_{ij}^2`])
      expect(() => derivation(wrong).claim('X', latex)).to.throw(
        GradbookError,
        /^derivation: no formula for the gradient of X can be judged by elementwise, whose own is wrong: .* finite differences; mend the op first$/,
      );
  });
});
