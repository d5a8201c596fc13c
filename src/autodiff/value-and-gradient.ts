import { keep } from '../tensor/creation.js';
import { GradbookError } from '../tensor/error.js';
import { Block, scoped } from '../tensor/memory.js';
import { aTensor, Tensor } from '../tensor/tensor.js';
import { gradientsOf } from './backward.js';
import { aFunction, recordOf, requireKinds } from '../tensor/arguments.js';

export type Named = Readonly<Record<string, Tensor>>;

export interface ValueAndGradient<Inputs extends Named> {
  readonly value: number;
  readonly gradients: { readonly [Name in keyof Inputs]: Tensor };
}

/**
 * The value of a scalar function and its gradient with respect to each input; everything else is released at the end.
 * @throws GradbookError when the result is no scalar, or does not depend on one of the inputs.
 * @example valueAndGradient(({ X, Y }) => sum(divide(X, Y)), { X, Y }).gradients.X
 */
export function valueAndGradient<Inputs extends Named>(
  f: (inputs: Inputs) => Tensor,
  inputs: Inputs,
): ValueAndGradient<Inputs> {
  requireKinds('valueAndGradient', { f, inputs }, { f: aFunction, inputs: tensorsByName });
  return scoped('valueAndGradient', () => {
    const loss = f(inputs);
    requireScalar(loss);
    const all = gradientsOf(loss);
    const gradients: Record<string, Tensor> = {};
    for (const [name, input] of Object.entries(inputs)) {
      const gradient = all.get(input);
      if (gradient === undefined) throw unreached(name, input);
      gradient.name = `${name}.grad`;
      gradients[name] = latestOf(input, gradient);
    }
    return { value: loss.item(), gradients: gradients as ValueAndGradient<Inputs>['gradients'] };
  });
}

const tensorsByName = recordOf(aTensor, 'the tensors by their names, such as { X, Y }');

/** The last gradient of each tensor: only this one stays in WebAssembly memory, so that a loop needs no more of it. */
const latest = new WeakMap<Tensor, Tensor>();

function latestOf(input: Tensor, gradient: Tensor): Tensor {
  const previous = latest.get(input)?.region;
  if (previous instanceof Block) previous.setAside();
  const kept = keep(gradient);
  latest.set(input, kept);
  return kept;
}

function requireScalar(loss: unknown): void {
  if (!(loss instanceof Tensor)) {
    throw new GradbookError(
      'valueAndGradient: the function returned no tensor; it must compute one number with ops, and await nothing',
    );
  }
  if (loss.size === 1) return;
  throw new GradbookError(
    `valueAndGradient: the function returned ${loss.label}, but a gradient belongs to one number; sum it`,
  );
}

function unreached(name: string, input: Tensor): GradbookError {
  const what = input.name === name ? input.label : `${name}, which is ${input.label},`;
  const why = input.requiresGrad
    ? 'the result does not depend on it'
    : 'it was made as a constant (make it with tensor(…), which requires a gradient)';
  return new GradbookError(`valueAndGradient: ${what} gets no gradient: ${why}`);
}
