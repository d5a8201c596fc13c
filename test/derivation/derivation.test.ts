import { registry } from '../../src/ops/registry.js';
import { derivation } from '../../src/derivation/derivation.js';

describe('the derivation of every op', () => {
  for (const op of registry) {
    it(`of ${op.name} holds at every equality, against the code, dual numbers and differences`, () => {
      derivation(op).assert();
    });
  }
});
