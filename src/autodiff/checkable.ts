import { objectWith, requireKinds } from '../tensor/arguments.js';
import { GradbookError, ValueError } from '../tensor/error.js';
import { scoped } from '../tensor/memory.js';
import { Tensor } from '../tensor/tensor.js';
import { defaultStep } from './finite-differences.js';
import type { Named } from './value-and-gradient.js';

/**
 * Fails for what is neither an op nor a function, which untyped code may pass, and unless an op is given exactly its inputs.
 * @throws GradbookError naming those it has and those that were given.
 */
export function requireInputs(f: unknown, inputs: Named): void {
  if (typeof f !== 'function')
    throw new GradbookError(`checkGradient: expected an op or a function of tensors, and not ${String(f)}`);
  const tensors = objectWith({}, 'the tensors by their names, such as { X, Y }');
  requireKinds('checkGradient', { inputs }, { inputs: tensors });
  const given = Object.keys(inputs);
  const wanted = 'inputs' in f && Array.isArray(f.inputs) ? (f.inputs as readonly string[]) : given;
  const names = wanted.join(', ');
  if (wanted.length !== given.length || !wanted.every((key) => given.includes(key)))
    refuse(
      f.name,
      `its inputs are ${names}, but ${given.join(', ') || 'none'} were given; pass { ${names} }`,
    );
  if (given.length > 0) return;
  const problem = 'no inputs were given, so there is no gradient to check; pass { x }';
  throw new GradbookError(`checkGradient: ${problem}`);
}

/** Fails for settings with which nothing could be compared. */
export function requireSettings(
  subject: string,
  { tolerance, step, order, scheme }: { tolerance: number; step: number; order: number; scheme: string },
): void {
  const settings: [fits: boolean, what: string, given: unknown, wanted: string][] = [
    [order === 1 || order === 2, 'order', order, '1 or 2'],
    [Object.hasOwn(defaultStep, scheme), 'scheme', JSON.stringify(scheme), '"central" or "richardson"'],
    [step > 0 && Number.isFinite(step), 'step', step, 'positive and finite'],
    [tolerance >= 0, 'tolerance', tolerance, 'a number that is not negative'],
  ];
  const wrong = settings.find(([fits]) => !fits);
  if (wrong === undefined) return;
  const [, what, given, wanted] = wrong;
  throw new ValueError(
    `checkGradient of ${subject}: the ${what} is ${String(given)}, but it must be ${wanted}`,
  );
}

/** Fails for an input that is no tensor, or one whose gradient differences cannot check. */
export function requireCheckable(subject: string, key: string, input: unknown): void {
  if (!(input instanceof Tensor)) {
    const given = Array.isArray(input) ? 'a list' : String(input);
    refuse(subject, `${key} is ${given}, and not a tensor; make it with tensor(…)`);
  }
  if (input.dtype !== 'float64')
    refuse(subject, `${key} is ${input.dtype}, but differences need float64: rounding would drown them`);
  if (!input.requiresGrad)
    refuse(subject, `${key} is a constant and has no gradient; make it with tensor(…)`);
}

/**
 * Fails unless a function returns a tensor, and the same numbers again: differences of something that changes by itself say
 * nothing.
 */
export function requireSameAgain(subject: string, call: () => unknown): void {
  const run = (): Float64Array =>
    scoped('checkGradient', () => {
      const output = call();
      if (output instanceof Tensor) return Float64Array.from(output.data());
      return refuse(
        subject,
        'the function returned no tensor; it must compute one with ops, and await nothing',
      );
    });
  const [first, second] = [run(), run()];
  if (first.length === second.length && first.every((value, k) => Object.is(value, second[k]))) return;
  refuse(
    subject,
    'a second call gives other numbers; what it draws must come from a generator made inside it, as in random(0)',
  );
}

function refuse(subject: string, problem: string): never {
  throw new GradbookError(`checkGradient of ${subject}: ${problem}`);
}
