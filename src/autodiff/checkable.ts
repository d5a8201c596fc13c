import { GradbookError, ValueError } from '../tensor/error.js';
import { scoped } from '../tensor/memory.js';
import { Tensor } from '../tensor/tensor.js';
import type { Named } from './value-and-gradient.js';
import { objectWith, requireKinds } from '../tensor/arguments.js';

/** Fails for what is neither an op nor a function, which untyped code may pass. */
export function requireFunction(f: unknown): void {
  if (typeof f === 'function') return;
  throw new GradbookError(`checkGradient: expected an op or a function of tensors, and not ${String(f)}`);
}

interface Settings {
  readonly tolerance: number;
  readonly step: number;
  readonly order: number;
  readonly scheme: string;
}

/** Fails for settings with which nothing could be compared. */
export function requireSettings(subject: string, { tolerance, step, order, scheme }: Settings): void {
  const problem =
    order !== 1 && order !== 2
      ? `the order is ${order}, but it must be 1 or 2`
      : scheme !== 'central' && scheme !== 'richardson'
        ? `the scheme is ${JSON.stringify(scheme)}, but it must be "central" or "richardson"`
        : !(step > 0 && Number.isFinite(step))
          ? `the step is ${step}, but it must be positive and finite`
          : !(tolerance >= 0)
            ? `the tolerance is ${tolerance}, but it must be a number that is not negative`
            : undefined;
  if (problem !== undefined) throw new ValueError(`checkGradient of ${subject}: ${problem}`);
}

/**
 * Fails unless a function returns a tensor, and the same numbers again: differences of something that changes by itself say
 * nothing.
 */
export function requireSameAgain(subject: string, call: () => unknown): void {
  const [first, second] = [call, call].map((run) =>
    scoped('checkGradient', () => {
      const output = run();
      if (output instanceof Tensor) return output.data().slice();
      throw new GradbookError(
        `checkGradient of ${subject}: the function returned no tensor; it must compute one with ops, and await nothing`,
      );
    }),
  );
  const same = first!.length === second!.length && first!.every((value, k) => Object.is(value, second![k]));
  if (same) return;
  throw new GradbookError(
    `checkGradient of ${subject}: a second call gives other numbers; what it draws must come from a generator made inside it, ` +
      'as in random(0)',
  );
}

/**
 * Fails unless an op is given exactly its inputs.
 * @throws GradbookError naming those it has and those that were given.
 */
export function requireInputs(f: { readonly name: string }, inputs: Named): void {
  requireKinds(
    'checkGradient',
    { inputs },
    { inputs: objectWith({}, 'the tensors by their names, such as { X, Y }') },
  );
  const given = Object.keys(inputs);
  if (!('inputs' in f) || !Array.isArray(f.inputs)) {
    if (given.length > 0) return;
    throw new GradbookError(
      'checkGradient: no inputs were given, so there is no gradient to check; pass { x }',
    );
  }
  const wanted = f.inputs as readonly string[];
  if (wanted.length === given.length && wanted.every((key) => given.includes(key))) return;
  throw new GradbookError(
    `checkGradient of ${f.name}: its inputs are ${wanted.join(', ')}, but ${given.join(', ') || 'none'} were given; ` +
      `pass { ${wanted.join(', ')} }`,
  );
}

/** Fails for an input that is no tensor, or one whose gradient differences cannot check. */
export function requireCheckable(subject: string, key: string, input: unknown): void {
  if (!(input instanceof Tensor)) {
    const given = Array.isArray(input) ? 'a list' : String(input);
    throw new GradbookError(
      `checkGradient of ${subject}: ${key} is ${given}, and not a tensor; make it with tensor(…)`,
    );
  }
  if (input.dtype !== 'float64') {
    throw new GradbookError(
      `checkGradient of ${subject}: ${key} is ${input.dtype}, but differences need float64: rounding would drown them`,
    );
  }
  if (!input.requiresGrad) {
    throw new GradbookError(
      `checkGradient of ${subject}: ${key} is a constant and has no gradient; make it with tensor(…)`,
    );
  }
}
