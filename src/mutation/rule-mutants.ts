import type { BackwardContext, BackwardRule, AnyRecord } from '../autodiff/op.js';
import { apply } from '../autodiff/apply.js';
import { topologicalOrder } from '../autodiff/backward.js';
import { numericGradient } from '../autodiff/finite-differences.js';
import { compare } from '../autodiff/gradient-comparison.js';
import { OpNode } from '../autodiff/op-node.js';
import { callOn, drawInputs } from '../autodiff/samples.js';
import { negate } from '../ops/functions.js';
import { random } from '../random/random.js';
import { constant, tensor } from '../tensor/creation.js';
import { GradbookError } from '../tensor/error.js';
import { scoped } from '../tensor/memory.js';
import { equalShapes } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import { pairs } from '../formula/build.js';
import type { Mutant, MutationKind } from './mutants.js';

const TOLERANCE = 1e-7; // of the gradient check

/**
 * Every mutant of every backward and fused rule of an op: a rule is carried out once, and then again with one step of it
 * changed. A mutant is caught when its gradient differs from finite differences on one of the op's samples.
 * @throws GradbookError when a rule is wrong before anything is changed.
 */
export function ruleMutants(op: AnyRecord): Mutant[] {
  return mutantsOf(op, ({ of }, sample) => {
    throw new GradbookError(`${op.name}: the rule for ${of} is wrong on its sample ${sample}`);
  });
}

/** Of a rule that is wrong, the changes that would make it right. */
export function mendingRuleMutants(op: AnyRecord, input: string): Mutant[] {
  return mutantsOf(op, () => undefined).filter(
    (mutant) => mutant.of.split(',')[0] === input && !mutant.caught,
  );
}

function mutantsOf(op: AnyRecord, onWrongRule: (rule: NamedRule, sample: number) => void): Mutant[] {
  const found = new Map<string, Mutant>();
  op.samples.forEach((_, k) => {
    scoped('mutants', () => {
      const situation = situationOf(op, k);
      for (const named of rulesOf(op)) {
        const { of, input, edits, rule } = named;
        const isCaught = judgeOf(situation, input);
        if (isCaught(() => rule(situation.context))) onWrongRule(named, k);
        for (const { key, kind, change, gradient } of edits(rule, situation.context)) {
          const before = found.get(`${of}: ${key}`);
          const caught = before?.caught === true || isCaught(gradient);
          found.set(`${of}: ${key}`, { ...(before ?? { of, kind, change }), caught });
        }
      }
    });
  });
  return [...found.values()];
}

type Rule = BackwardRule<string, unknown>;

interface NamedRule {
  readonly of: string;
  readonly input: string;
  readonly rule: Rule;
  readonly edits: (rule: Rule, context: Context) => Edit[];
}

function rulesOf(op: AnyRecord): NamedRule[] {
  return op.inputs.flatMap((input) => {
    const fused = op.fused?.[input];
    const slow = { of: input, input, rule: op.backward[input]!, edits: editsOfSteps };
    return fused === undefined
      ? [slow]
      : [slow, { of: `${input}, fused`, input, rule: fused, edits: editsOfOperands }];
  });
}

type Context = BackwardContext<string, unknown>;

interface Situation {
  readonly context: Context;
  /** The gradient of an input by finite differences. */
  readonly differences: (input: string) => Float64Array;
}

function situationOf(op: AnyRecord, k: number): Situation {
  const sample = op.samples[k]!;
  const inputs = drawInputs(op, sample.shapes, random(0).split(`${op.name}${k}`));
  const output = callOn(op, sample, inputs);
  const gradient = random(0).split('upstream').uniform(output.shape, { low: 0.5, high: 1.5 });
  const { saved, attributes } = output.source as OpNode;
  const detached = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.detach()]));
  const values = (): ArrayLike<number> => scoped('mutants', () => callOn(op, sample, inputs).data());
  const known = new Map<string, Float64Array>();
  return {
    context: { ...detached, output: output.detach(), gradient, attributes, saved } as unknown as Context,
    differences: (input) => {
      const present = known.get(input) ?? numericGradient(values, gradient.data(), inputs[input]!);
      known.set(input, present);
      return present;
    },
  };
}

/** Whether the gradient check would refuse what a rule gives, or the rule cannot be carried out. */
function judgeOf({ context, differences }: Situation, input: string): (gradient: () => Tensor) => boolean {
  const { shape } = context[input]!;
  const right = differences(input);
  return (gradient) => {
    try {
      const found = gradient();
      if (!equalShapes(found.shape, shape)) return true;
      return !(compare(shape, Float64Array.from(found.data()), right).relative <= TOLERANCE);
    } catch (error) {
      if (error instanceof GradbookError) return true;
      throw error;
    }
  };
}

/** One change of a rule; `key` says it in full, `change` without what stands deeper inside. */
interface Edit extends Pick<Mutant, 'kind' | 'change'> {
  readonly key: string;
  readonly gradient: () => Tensor;
}

/** A rule written in ops is a graph: each step is negated, left out, or given its inputs in another order. */
function editsOfSteps(rule: Rule, context: Context): Edit[] {
  const names = new Map<Tensor, string>();
  const leaves = Object.entries(context).map(([name, value]: [string, unknown]) => {
    if (!(value instanceof Tensor) || value.dtype === 'int32') return [name, value] as const;
    const leaf = tensor(Float64Array.from(value.data()), { shape: value.shape });
    names.set(leaf, name);
    return [name, leaf] as const;
  });
  const result = rule(Object.fromEntries(leaves) as unknown as Context);
  const steps = topologicalOrder(result);
  if (steps.length === 0) return [negation(names.get(result)!, () => result)];
  return steps.flatMap((step) =>
    changesOf(step).map(({ kind, after, change }): Edit => {
      const textAt = (depth: number): string => `${callText(step, names, depth)} → ${after(names, depth)}`;
      const gradient = (): Tensor => carriedOut(steps, result, step, change);
      return { kind, key: textAt(Infinity), change: textAt(1), gradient };
    }),
  );
}

interface StepChange {
  readonly kind: MutationKind;
  readonly after: (names: Names, depth: number) => string;
  readonly change: Change;
}

function changesOf(step: OpNode): StepChange[] {
  const { inputs, op } = step;
  const positions = [...inputs.keys()];
  const dropped = positions.map((k): StepChange => ({
    kind: droppedBy(step),
    after: (names, depth) => textOf(inputs[k]!, names, depth),
    change: (operands) => operands[k]!,
  }));
  const swaps = pairs(positions)
    .filter(([a, b]) => inputs[a] !== inputs[b])
    .map(([a, b]): StepChange => ({
      kind: 'inputs swapped',
      after: (names, depth) => callText(step, names, depth, swapped(inputs, a, b)),
      change: (operands, run) => run(swapped(operands, a, b)),
    }));
  if (op.name === 'negate') return dropped;
  const sign: StepChange = {
    kind: 'sign flipped',
    after: (names, depth) => `negate(${callText(step, names, depth)})`,
    change: (operands, run) => negate(run(operands)),
  };
  return [sign, ...swaps, ...dropped];
}

/** What a step is replaced by, given its inputs and a way to carry it out on others. */
type Change = (operands: Tensor[], run: (operands: Tensor[]) => Tensor) => Tensor;

function carriedOut(steps: readonly OpNode[], result: Tensor, changed: OpNode, change: Change): Tensor {
  const values = new Map<Tensor, Tensor>();
  for (const step of steps) {
    const operands = step.inputs.map((input) => values.get(input) ?? input.detach());
    const run = (on: Tensor[]): Tensor => apply(step.op, on, step.attributes);
    values.set(step.outputs[0], step === changed ? change(operands, run) : run(operands));
  }
  return values.get(result)!;
}

function droppedBy({ op, inputs, outputs }: OpNode): MutationKind {
  if (op.name === 'negate') return 'sign flipped';
  if (inputs.length > 1) return 'factor dropped';
  return inputs[0]!.size > outputs[0].size ? 'sum dropped' : 'step dropped';
}

type Names = ReadonlyMap<Tensor, string>;

/** `matmul(gradient, W, transposeW)`: a call with the attributes that are switched on. */
function callText(
  { op, inputs, attributes }: OpNode,
  names: Names,
  depth: number,
  operands = inputs,
): string {
  const flags = Object.entries(attributes ?? {}).flatMap(([name, value]) => (value === true ? [name] : []));
  const texts = operands.map((operand) => textOf(operand, names, depth - 1));
  return `${op.name}(${[...texts, ...flags].join(', ')})`;
}

function textOf(tensor: Tensor, names: Names, depth: number): string {
  const { source } = tensor;
  if (!(source instanceof OpNode)) return names.get(tensor) ?? 'constant';
  return depth > 0 ? callText(source, names, depth) : `${source.op.name}(…)`;
}

/** A fused rule is one kernel call: what goes in is exchanged or replaced by ones, what comes out is negated. */
function editsOfOperands(rule: BackwardRule<string, unknown>, context: Context): Edit[] {
  const used = operandsOf(rule, context);
  const call = (operands: readonly string[]): string => `kernel(${operands.join(', ')})`;
  const before = call(used);
  const edit = (kind: MutationKind, operands: readonly string[], changed: Record<string, Tensor>): Edit => {
    const change = `${before} → ${call(operands)}`;
    return { kind, key: change, change, gradient: () => rule({ ...context, ...changed }) };
  };
  const tensorOf = (name: string): Tensor => context[name] as Tensor;
  const swaps = pairs([...used.keys()]).flatMap(([a, b]) => {
    const [first, second] = [tensorOf(used[a]!), tensorOf(used[b]!)];
    if (!equalShapes(first.shape, second.shape)) return []; // a kernel would read beyond the smaller one
    return [edit('inputs swapped', swapped(used, a, b), { [used[a]!]: second, [used[b]!]: first })];
  });
  const dropped = used.map((name, k) => {
    const { shape, size } = tensorOf(name);
    const ones = constant(new Float64Array(size).fill(1), { shape });
    return edit('factor dropped', used.with(k, 'ones'), { [name]: ones });
  });
  return [negation(before, () => rule(context)), ...swaps, ...dropped];
}

/** Of which tensors a fused rule reads the numbers: those whose ones or another's numbers it would notice. */
function operandsOf(rule: BackwardRule<string, unknown>, context: Context): string[] {
  const read = new Set<string>();
  rule(
    new Proxy(context, {
      get: (target, name: string) => {
        const value: unknown = target[name];
        if (!(value instanceof Tensor) || value.dtype === 'int32') return value;
        return new Proxy(value, {
          get: (inner, key) => {
            if (key === 'pointer' || key === 'item') read.add(name);
            const own: unknown = Reflect.get(inner, key, inner);
            return typeof own === 'function' ? (own as () => unknown).bind(inner) : own;
          },
        });
      },
    }),
  );
  return [...read];
}

function negation(before: string, gradient: () => Tensor): Edit {
  const change = `${before} → negate(${before})`;
  return { kind: 'sign flipped', key: change, change, gradient: () => negate(gradient().detach()) };
}

function swapped<T>(list: readonly T[], a: number, b: number): T[] {
  return list.with(a, list[b]!).with(b, list[a]!);
}
