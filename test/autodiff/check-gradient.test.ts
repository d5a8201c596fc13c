import { expect } from 'chai';
import { checkGradient } from '../../src/autodiff/check-gradient.js';
import { defineOp } from '../../src/autodiff/define-op.js';
import type { AnyRecord, BackwardRule } from '../../src/autodiff/op.js';
import { mlp } from '../../src/nn/mlp.js';
import { add, divide, multiply, power, subtract } from '../../src/ops/arithmetic.js';
import { relu, sigmoid } from '../../src/ops/activation.js';
import { expand } from '../../src/ops/broadcast.js';
import { exp, log } from '../../src/ops/functions.js';
import { transpose } from '../../src/ops/layout.js';
import { crossEntropy } from '../../src/ops/loss.js';
import { matmul } from '../../src/ops/matmul.js';
import { max, mean, sum } from '../../src/ops/reduce.js';
import { softmax } from '../../src/ops/softmax.js';
import { random } from '../../src/random/random.js';
import { constant, type TensorLike, tensor } from '../../src/tensor/creation.js';
import { GradbookError, ShapeError } from '../../src/tensor/error.js';
import type { Shape } from '../../src/tensor/shape.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { itRefuses } from '../refuses.js';

type Rules = Readonly<Record<string, BackwardRule<string, unknown>>>;
type Wrong = readonly [
  mistake: string,
  op: unknown,
  attributes: unknown,
  shapes: Readonly<Record<string, Shape>>,
  rules: Rules,
  input: string,
];

const square = { X: [3, 3], W: [3, 3] };
const pair = { X: [2, 3], Y: [2, 3] };

/** Ops whose forward is right and one of whose rules is not. */
// prettier-ignore
const wrong: readonly Wrong[] = [
  ['the sign lost', divide, undefined, pair, { Y: ({ gradient, Y, output }) => divide(multiply(gradient, output), Y!) }, 'Y'],
  ['the sign of a difference lost', subtract, undefined, pair, { Y: ({ gradient }) => gradient }, 'Y'],
  ['a factor forgotten', sigmoid, undefined, { X: [2, 3] }, { X: ({ gradient, output }) => multiply(gradient, output) }, 'X'],
  ['a constant factor', exp, undefined, { X: [2, 3] }, { X: ({ gradient, output }) => multiply(2, multiply(gradient, output)) }, 'X'],
  ['the exponent forgotten', power, undefined, pair, { X: ({ gradient, X, Y }) => multiply(gradient, power(X!, subtract(Y!, 1))) }, 'X'],
  ['the upstream gradient forgotten', exp, undefined, { X: [2, 3] }, { X: ({ output }) => output }, 'X'],
  ['the wrong variable', multiply, undefined, pair, { X: ({ gradient, X }) => multiply(gradient, X!) }, 'X'],
  ['a missing transposition', matmul, {}, square, { X: ({ gradient, W }) => matmul(gradient, W!) }, 'X'],
  ['a transposed result', matmul, {}, square, { W: ({ gradient, X }) => transpose(matmul(X!, gradient, { transposeX: true })) }, 'W'],
  ['factors swapped', matmul, {}, square, { W: ({ gradient, X }) => matmul(gradient, X!, { transposeX: true }) }, 'W'],
  ['a mean taken for a sum', mean, {}, { X: [2, 3] }, { X: ({ gradient, X }) => expand(gradient, X!.shape) }, 'X'],
  ['the sum over a broadcast axis taken for a mean', add, undefined, { X: [2, 3], Y: [3] }, { Y: ({ gradient }) => mean(gradient, { axis: 0 }) }, 'Y'],
  ['the first row of a sum', add, undefined, { X: [2, 3], Y: [3] }, { Y: ({ gradient }) => gradient.rows(0, 1).view([3]) }, 'Y'],
  ['a sum in softmax forgotten', softmax, undefined, { X: [2, 3] }, { X: ({ gradient, output }) => multiply(output, gradient) }, 'X'],
  ['an approximation, 1e-6 off', log, undefined, { X: [2, 3] }, { X: ({ gradient, X }) => divide(gradient, multiply(X!, 1.000001)) }, 'X'],
  ['NaN', exp, undefined, { X: [2] }, { X: ({ gradient }) => multiply(gradient, NaN) }, 'X'],
  ['no gradient', max, { axis: 1 }, { X: [2, 3] }, { X: ({ X }) => multiply(X!, 0) }, 'X'],
];

describe('checkGradient', () => {
  describe('catches a rule with', () => {
    for (const [mistake, op, attributes, shapes, rules, input] of wrong) {
      it(`${mistake} in ${(op as { name: string }).name}, and names op, input, index and both numbers`, () => {
        const { run, inputs } = mutilated(op, attributes, shapes, rules);
        const result = checkGradient(run, inputs, { name: 'mutant' });
        const { worst } = result.inputs.find(({ name }) => name === input)!;
        expect(result.inputs.filter(({ holds }) => !holds).map(({ name }) => name)).to.deep.equal([input]);
        expect(() => result.assert()).to.throw(
          GradbookError,
          `mutant: the gradient of ${input} at [${worst.index.join(', ')}] is ${worst.code} by backward and ${worst.other} by finite differences; they differ by `,
        );
        expect(worst.code).not.to.equal(worst.other);
      });
    }

    it('a gradient of another shape, such as a missing sumTo', () => {
      const { run, inputs } = mutilated(add , undefined, { X: [2, 3], Y: [3] }, { Y: ({ gradient }) => gradient }); // prettier-ignore
      expect(() => checkGradient(run, inputs)).to.throw(ShapeError, 'add: the rule for Y gives shape (2, 3) for an input of shape (3,); sumTo(…) sums over axes that were repeated'); // prettier-ignore
    });

    it('one wrong element among many, and says which', () => {
      const spot = tensor([[0, 0, 0], [0, 0, 1e-4]], { requiresGrad: false }); // prettier-ignore
      const { run, inputs } = mutilated(exp , undefined, { X: [2, 3] }, { X: ({ gradient, output }) => multiply(add(gradient, spot), output) }); // prettier-ignore
      expect(checkGradient(run, inputs).worst.worst.index).to.deep.equal([1, 2]);
    });

    it('an entry that is small beside the largest one, down to a hundredth of it', () => {
      const spot = tensor([0, 4e-7], { requiresGrad: false });
      const rule: Rules = { X: ({ gradient, output }) => multiply(add(gradient, spot), output) };
      const { run, inputs } = mutilated(exp, undefined, { X: [2] }, rule);
      inputs['X']!.assign([0, Math.log(0.02)]); // the gradients are about 1 and 0.02, and 8e-9 is wrong
      expect(checkGradient(run, inputs).holds).to.equal(false);
      inputs['X']!.assign([0, Math.log(0.0001)]);
      expect(checkGradient(run, inputs).holds).to.equal(true);
    });

    it('a second derivative that is missing although the first is right', () => {
      const { run, inputs } = mutilated(exp , undefined, { X: [2] }, { X: ({ gradient, output }) => multiply(gradient, output.detach()) }); // prettier-ignore
      checkGradient(run, inputs).assert();
      expect(checkGradient(run, inputs, { order: 2 }).holds).to.equal(false);
    });
  });

  const X = tensor([[1, 2], [3, 4]], { name: 'X' }); // prettier-ignore
  const Y = tensor([[2, 2], [4, 8]], { name: 'Y' }); // prettier-ignore

  it('holds for an op by its inputs, for any function, and leaves the inputs as they were', () => {
    checkGradient(divide, { X, Y }).assert();
    checkGradient(({ Y, X }) => sum(multiply(X, exp(divide(X, Y)))), { X, Y }).assert();
    expect([X.value, Y.value]).to.deep.equal([[[1, 2], [3, 4]], [[2, 2], [4, 8]]]); // prettier-ignore
    const failing = (): Tensor => {
      throw new Error('own');
    };
    expect(() => checkGradient(failing, { X })).to.throw('own');
    expect(X.value).to.deep.equal([[1, 2], [3, 4]]); // prettier-ignore
  });

  it('holds for an input that the output does not depend on, whose gradient is 0', () => {
    const { inputs } = checkGradient(({ X }) => exp(X), { X, Y }).assert();
    expect([...inputs[1]!.code, ...inputs[1]!.differences].every((value) => value === 0)).to.equal(true);
  });

  it('holds for the parameters of a module, by their paths', () => {
    const model = mlp({ input: 2, hidden: [3], output: 2, activation: 'tanh' });
    model.initialize(random(0));
    const x = constant([[1, 2], [-1, 0.5], [0, 1]]); // prettier-ignore
    const check = checkGradient(() => crossEntropy(model.forward(x), [0, 1, 1]), model.parameters(), { name: 'mlp' }); // prettier-ignore
    expect(check.assert().inputs.map(({ name }) => name)).to.deep.equal(['layers.0.weight', 'layers.0.bias', 'layers.1.weight', 'layers.1.bias']); // prettier-ignore
  });

  it("comes closer with Richardson's extrapolation", () => {
    const worst = (scheme: 'central' | 'richardson'): number =>
      checkGradient(({ X }) => sum(exp(exp(X))), { X: tensor([0.5, 1]) }, { scheme, tolerance: 1e-5 }).worst
        .worst.relative;
    expect(worst('richardson')).to.be.lessThan(worst('central'));
  });

  it('passes with a relative tolerance of 1e-7 unless told otherwise', () => {
    const { run, inputs } = mutilated(exp , undefined, { X: [2] }, { X: ({ gradient, output }) => multiply(1 + 5e-7, multiply(gradient, output)) }); // prettier-ignore
    expect([checkGradient(run, inputs).holds, checkGradient(run, inputs, { tolerance: 1e-6 }).holds]).to.deep.equal([false, true]); // prettier-ignore
  });

  it('prints a line an input, with the verdict', () => {
    const text = checkGradient(divide, { X, Y }).toString();
    expect(text).to.match(/^divide: gradient of order 1 against central differences, step 0\.00000762939\n {2}ok {3}X \(2, 2\): 4 elements/); // prettier-ignore
    const { run, inputs } = mutilated(relu , undefined, { X: [2] }, { X: ({ gradient }) => gradient }, -2); // prettier-ignore
    expect(checkGradient(run, inputs).toString()).to.match(/\n {2}FAIL X \(2,\)/);
  });

  // prettier-ignore
  itRefuses([
    ['float32', () => checkGradient(exp, { X: tensor([1], { dtype: 'float32' }) }), GradbookError, /^checkGradient of exp: X is float32, but differences need float64: rounding would drown them/],
    ['constants', () => checkGradient(exp, { X: constant([1]) }), GradbookError, /^checkGradient of exp: X is a constant and has no gradient; make it with tensor\(…\)/],
  ]);
});

/** An op with some of its rules replaced, as a function of inputs drawn at random (or all of one value). */
function mutilated(
  checked: unknown,
  attributes: unknown,
  shapes: Readonly<Record<string, Shape>>,
  rules: Rules,
  value?: number,
) {
  const op = checked as AnyRecord;
  const call = defineOp(
    { ...op, backward: { ...op.backward, ...rules }, fused: {} },
    (execute) =>
      (...operands: TensorLike[]) =>
        execute(operands, attributes),
  );
  const inputs = Object.fromEntries(
    op.inputs.map((name) => {
      const drawn = random(4)
        .split(name)
        .uniform(shapes[name]!, { low: 0.5, high: 2, name, requiresGrad: true });
      if (value !== undefined) drawn.assign(new Float64Array(drawn.size).fill(value));
      return [name, drawn];
    }),
  );
  const run = (named: Readonly<Record<string, Tensor>>): Tensor =>
    call(...op.inputs.map((name) => named[name]!));
  return { run, inputs };
}
