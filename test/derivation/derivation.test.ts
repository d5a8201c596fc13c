import { expect } from 'chai';
import type { AnyRecord } from '../../src/autodiff/op.js';
import { registry } from '../../src/ops/registry.js';
import { derivation } from '../../src/derivation/derivation.js';

describe('the derivation of every op', () => {
  for (const op of registry) {
    it(`of ${op.name} holds at every equality, against the code, dual numbers and differences`, () => {
      derivation(op).assert();
    });
  }
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
});
