import { expect } from 'chai';
import { Linear } from '../../src/nn/linear.js';
import { Module } from '../../src/nn/module.js';
import { add } from '../../src/ops/arithmetic.js';
import { exp } from '../../src/ops/functions.js';
import { random } from '../../src/random/random.js';
import { constant, tensor } from '../../src/tensor/creation.js';
import { GradbookError } from '../../src/tensor/error.js';
import type { Tensor } from '../../src/tensor/tensor.js';

/** A module of whatever it is given. */
class Parts extends Module {
  constructor(readonly parts: Readonly<Record<string, unknown>>) {
    super();
    Object.assign(this, parts);
    Object.defineProperty(this, 'parts', { enumerable: false });
  }

  forward(input: Tensor): Tensor {
    return input;
  }
}

const paths = (parts: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(new Parts(parts).parameters());

describe('a module', () => {
  describe('finds its parameters', () => {
    const [gain, shift] = [tensor(1), tensor([0, 0])];
    const shared = new Linear(2, 2);
    const found: readonly [where: string, parts: Readonly<Record<string, unknown>>, paths: string[]][] = [
      ['in properties', { gain, shift }, ['gain', 'shift']],
      ['in arrays and plain objects', { list: [gain, { deep: shift }] }, ['list.0', 'list.1.deep']],
      ['in modules', { first: new Linear(1, 2) }, ['first.weight', 'first.bias']],
      ['in arrays of modules within modules', { block: new Parts({ layers: [new Linear(1, 1), new Linear(1, 1)] }) }, ['block.layers.0.weight', 'block.layers.0.bias', 'block.layers.1.weight', 'block.layers.1.bias']], // prettier-ignore
      ['once when a tensor is shared', { encoder: gain, decoder: [gain] }, ['encoder']],
      ['once when a module is shared', { a: shared, b: { c: shared } }, ['a.weight', 'a.bias']],
      ['but not constants, integers, results of ops, numbers or text', { fixed: constant(1), labels: tensor([1], { dtype: 'int32' }), result: exp(gain), rate: 0.1, name: 'net', none: undefined, nil: null, gain }, ['gain']], // prettier-ignore
    ];
    for (const [where, parts, expected] of found) {
      it(where, () => {
        expect(paths(parts)).to.deep.equal(expected);
      });
    }

    it('when parts know their parent', () => {
      const child: Record<string, unknown> = { gain };
      child['parent'] = child;
      expect(paths({ child })).to.deep.equal(['child.gain']);
    });

    it('and names those that have no name', () => {
      const [named, nameless] = [tensor(1, { name: 'γ' }), tensor(1)];
      new Parts({ layer: [named, nameless] }).parameters();
      expect([named.name, nameless.name]).to.deep.equal(['γ', 'layer.1']);
    });
  });

  it('draws the parameters of each part by its name, so that a new part changes no other', () => {
    const drawn = (parts: Readonly<Record<string, Module>>): Record<string, Float64Array> => {
      const module = new Parts(parts);
      module.initialize(random(1));
      return module.weights();
    };
    const two = drawn({ a: new Linear(3, 2), c: new Linear(2, 2) });
    const three = drawn({ a: new Linear(3, 2), b: new Linear(2, 2), c: new Linear(2, 2) });
    for (const path of Object.keys(two)) expect(three[path]).to.deep.equal(two[path]);
    expect(three['b.weight']).not.to.deep.equal(three['c.weight']);
  });

  it('loads what weights() returned, which is a copy', () => {
    const [source, target] = [new Linear(2, 3), new Linear(2, 3)];
    source.initialize(random(5));
    const weights = source.weights();
    target.load(weights);
    weights['weight']![0] = 9;
    expect(target.weights()).to.deep.equal(source.weights());
    expect(source.weight.data()[0]).not.to.equal(9);
  });

  it('lists everything that is wrong with given weights, and changes nothing', () => {
    const module = new Parts({ a: new Linear(2, 3), b: new Linear(3, 1) });
    const before = module.weights();
    const given = { 'a.weight': [1, 2], 'a.bias': [7, 7, 7], 'b.bias': [1], 'c.weight': [1], x: [] };
    expect(() => module.load(given)).to.throw(
      GradbookError,
      'load: these weights are of another model: b.weight is missing; c.weight is no parameter; x is no parameter; a.weight has 2 numbers instead of 6',
    );
    expect(module.weights()).to.deep.equal(before);
  });
});

describe('linear', () => {
  it('is X Wᵀ + b with one row of W an output', () => {
    const layer = new Linear(2, 3);
    layer.load({ weight: [1, 2, 3, 4, 5, 6], bias: [10, 20, 30] });
    expect(layer.weight.shape).to.deep.equal([3, 2]);
    expect(layer.forward(constant([[1, 1], [0, -1]])).value).to.deep.equal([[13, 27, 41], [8, 16, 24]]); // prettier-ignore
  });

  it('has float32 parameters on request', () => {
    const { weight, bias } = new Linear(2, 3, { dtype: 'float32' });
    expect([weight.dtype, bias.dtype]).to.deep.equal(['float32', 'float32']);
  });

  it('refuses no units, and parts of one', () => {
    expect(() => new Linear(0, 2)).to.throw('linear: the number of inputs is 0, but it must be a positive integer'); // prettier-ignore
    expect(() => new Linear(2, 1.5)).to.throw('linear: the number of outputs is 1.5, but it must be a positive integer'); // prettier-ignore
    expect(() => add(new Linear(2, 2).weight, tensor([1, 2, 3]))).to.throw('shapes (2, 2) and (3,)');
  });
});
