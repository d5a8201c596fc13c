import { apply } from '../autodiff/apply.js';
import { topologicalOrder } from '../autodiff/backward.js';
import { numericGradient } from '../autodiff/finite-differences.js';
import { compare } from '../autodiff/gradient-comparison.js';
import type { AnyRecord, BackwardContext, BackwardRule } from '../autodiff/op.js';
import { OpNode } from '../autodiff/op-node.js';
import { callOn, drawInputs } from '../autodiff/samples.js';
import { pairs } from '../formula/build.js';
import { negate } from '../ops/functions.js';
import { random } from '../random/random.js';
import { constant, tensor } from '../tensor/creation.js';
import { GradbookError } from '../tensor/error.js';
import { scoped } from '../tensor/memory.js';
import { equalShapes } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import type { Mutant, MutationKind } from './mutants.js';

const TOLERANCE = 1e-7; // of the gradient check

type Rule = BackwardRule<string, unknown>;
type Context = BackwardContext<string, unknown>;

/**
 * Every mutant of every backward and fused rule of an op: a rule is carried out once, and then again with one step of it
 * changed. A mutant is caught when its gradient differs from finite differences on one of the op's samples.
 * @throws GradbookError when a rule is wrong before anything is changed.
 */
export function ruleMutants(op: AnyRecord): Mutant[] {
  return mutantsOf(op, op.inputs, (of, sample) => {
    throw new GradbookError(`${op.name}: the rule for ${of} is wrong on its sample ${sample}`);
  });
}

/** Of a rule that is wrong, the changes that would make it right. */
export function mendingRuleMutants(op: AnyRecord, input: string): Mutant[] {
  return mutantsOf(op, [input], () => undefined).filter(({ caught }) => !caught);
}

function mutantsOf(
  op: AnyRecord,
  inputs: readonly string[],
  onWrongRule: (of: string, sample: number) => void,
): Mutant[] {
  const found = new Map<string, Mutant>();
  for (const sample of op.samples.keys()) {
    scoped('mutants', () => {
      const { context, differences } = situationOf(op, sample);
      for (const input of inputs) {
        const isCaught = judgeOf(context[input]!, differences(input));
        const rules: [of: string, Rule | undefined, edits: typeof editsOfSteps][] = [
          [input, op.backward[input], editsOfSteps],
          [`${input}, fused`, op.fused?.[input], editsOfOperands],
        ];
        for (const [of, rule, edits] of rules) {
          if (rule === undefined) continue;
          if (isCaught(() => rule(context))) onWrongRule(of, sample);
          for (const { key, kind, change, gradient } of edits(rule, context)) {
            const before = found.get(`${of}: ${key}`);
            const caught = before?.caught === true || isCaught(gradient);
            found.set(`${of}: ${key}`, { ...(before ?? { of, kind, change }), caught });
          }
        }
      }
    });
  }
  return [...found.values()];
}

/** What a rule is given on a sample of an op, all leaves of a graph, and the gradient of an input by finite differences. */
function situationOf(op: AnyRecord, k: number) {
  const sample = op.samples[k]!;
  const inputs = drawInputs(op, sample.shapes, random(0).split(`${op.name}${k}`));
  const output = callOn(op, sample, inputs);
  const range = { low: 0.5, high: 1.5, requiresGrad: true };
  const gradient = random(0).split('upstream').uniform(output.shape, range);
  const { saved, attributes } = output.source as OpNode;
  const leaf = (value: Tensor) => tensor(Float64Array.from(value.data()), { shape: value.shape });
  const kept = saved === undefined || saved.dtype === 'int32' ? saved : leaf(saved);
  const values = (): ArrayLike<number> => scoped('mutants', () => callOn(op, sample, inputs).data());
  return {
    context: { ...inputs, output: leaf(output), gradient, attributes, saved: kept } as unknown as Context,
    differences: (input: string) => numericGradient(values, gradient.data(), inputs[input]!),
  };
}

/** Whether the gradient check would refuse what a rule gives, or the rule cannot be carried out. */
function judgeOf({ shape }: Tensor, right: Float64Array): (gradient: () => Tensor) => boolean {
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
  const names = new Map(Object.entries(context).map(([name, value]) => [value, name]));
  const result = rule(context);
  const steps = topologicalOrder(result);
  if (steps.length === 0) return [negation(names.get(result)!, () => result)];
  return steps.flatMap((step) => {
    const texts = step.inputs.map((input) => textOf(input, names));
    const call = (operands: readonly Text[]): Text => callText(step, operands);
    return changesOf(step).map(([kind, change]): Edit => {
      const after = change(texts, call, negatedText);
      const textAt = (depth: number): string => `${call(texts)(depth)} → ${after(depth)}`;
      const gradient = (): Tensor => carriedOut(steps, result, step, change);
      return { kind, key: textAt(Infinity), change: textAt(1), gradient };
    });
  });
}

/** What a step is replaced by, given its inputs and a way to carry it out: on tensors, and on texts to say it. */
type Change = <T>(operands: readonly T[], run: (on: readonly T[]) => T, negated: (one: T) => T) => T;

function changesOf({ op, inputs, outputs }: OpNode): [MutationKind, Change][] {
  const shrinks = inputs[0]!.size > outputs[0].size;
  const single = op.name === 'negate' ? 'sign flipped' : shrinks ? 'sum dropped' : 'step dropped';
  const kind = inputs.length > 1 ? 'factor dropped' : single;
  const dropped = inputs.map((_, k): [MutationKind, Change] => [kind, (operands) => operands[k]!]);
  if (op.name === 'negate') return dropped;
  const swaps = pairs([...inputs.keys()]).filter(([a, b]) => inputs[a] !== inputs[b]);
  return [
    ['sign flipped', (operands, run, negated) => negated(run(operands))],
    ...swaps.map(([a, b]): [MutationKind, Change] => [
      'inputs swapped',
      (operands, run) => run(swapped(operands, a, b)),
    ]),
    ...dropped,
  ];
}

function carriedOut(steps: readonly OpNode[], result: Tensor, changed: OpNode, change: Change): Tensor {
  const values = new Map<Tensor, Tensor>();
  for (const step of steps) {
    const operands = step.inputs.map((input) => values.get(input) ?? input.detach());
    const run = (on: readonly Tensor[]): Tensor => apply(step.op, on, step.attributes);
    values.set(step.outputs[0], step === changed ? change(operands, run, negate) : run(operands));
  }
  return values.get(result)!;
}

/** A text that leaves out what stands deeper than this. */
type Text = (depth: number) => string;

/** `matmul(gradient, W, transposeW)`: a call with the attributes that are switched on. */
function callText({ op, attributes }: OpNode, operands: readonly Text[]): Text {
  const flags = Object.entries(attributes ?? {}).flatMap(([name, value]) => (value === true ? [name] : []));
  return (depth) => `${op.name}(${[...operands.map((text) => text(depth - 1)), ...flags].join(', ')})`;
}

function textOf(tensor: Tensor, names: ReadonlyMap<unknown, string>): Text {
  const { source } = tensor;
  if (!(source instanceof OpNode)) return () => names.get(tensor) ?? 'constant';
  const call = callText(source, source.inputs.map((input) => textOf(input, names))); // prettier-ignore
  return (depth) => (depth > 0 ? call(depth) : `${source.op.name}(…)`);
}

function negatedText(text: Text): Text {
  return (depth) => `negate(${text(depth)})`;
}

/** A fused rule is one kernel call: what goes in is exchanged or replaced by ones, what comes out is negated. */
function editsOfOperands(rule: Rule, context: Context): Edit[] {
  const used = operandsOf(rule, context);
  const call = (operands: readonly string[]): string => `kernel(${operands.join(', ')})`;
  const edit = (kind: MutationKind, operands: readonly string[], changed: Record<string, Tensor>): Edit => {
    const change = `${call(used)} → ${call(operands)}`;
    return { kind, key: change, change, gradient: () => rule({ ...context, ...changed }) };
  };
  const tensors = used.map((name) => context[name]!);
  const swaps = pairs([...used.keys()]).flatMap(([a, b]) => {
    const [first, second] = [tensors[a]!, tensors[b]!];
    if (!equalShapes(first.shape, second.shape)) return []; // a kernel would read beyond the smaller one
    return [edit('inputs swapped', swapped(used, a, b), { [used[a]!]: second, [used[b]!]: first })];
  });
  const dropped = tensors.map(({ shape, size }, k) => {
    const ones = constant(new Float64Array(size).fill(1), { shape });
    return edit('factor dropped', used.with(k, 'ones'), { [used[k]!]: ones });
  });
  return [negation(call(used), () => rule(context)), ...swaps, ...dropped];
}

/** Of which tensors a fused rule reads the numbers: those whose ones or another's numbers it would notice. */
function operandsOf(rule: Rule, context: Context): string[] {
  const read = new Set<string>();
  const watched = Object.entries(context).map(([name, value]: [string, unknown]) => {
    if (!(value instanceof Tensor) || value.dtype === 'int32') return [name, value] as const;
    const noticed = (key: 'pointer' | 'item') => ({ get: () => (read.add(name), Reflect.get(value, key)) });
    return [name, Object.create(value, { pointer: noticed('pointer'), item: noticed('item') })] as const;
  });
  rule(Object.fromEntries(watched) as unknown as Context);
  return [...read];
}

function negation(before: string, gradient: () => Tensor): Edit {
  const change = `${before} → negate(${before})`;
  return { kind: 'sign flipped', key: change, change, gradient: () => negate(gradient().detach()) };
}

function swapped<T>(list: readonly T[], a: number, b: number): T[] {
  return list.with(a, list[b]!).with(b, list[a]!);
}
