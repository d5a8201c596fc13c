import { type Contribution, gradientsOf, topologicalOrder } from '../autodiff/backward.js';
import type { OpNode } from '../autodiff/op-node.js';
import { subscripts, writtenRule } from './written-rule.js';
import { GradbookError } from '../tensor/error.js';
import { aTensor, type Tensor } from '../tensor/tensor.js';
import { shortValue } from './computation-graph.js';
import { drawStrip, stripWithButtons } from './explain-strip.js';
import { drawing, type Figure } from './figure.js';
import type { GraphDescription, GraphNode, GraphOptions } from './graph.js';
import { number } from './wording.js';
import { requireKinds } from '../tensor/arguments.js';
import { requireOptions } from '../tensor/options.js';

/** What one rule adds to the gradient of one input. */
export interface ExplainedInput {
  /** The tensor, and what the op calls it. */
  readonly tensor: string;
  readonly input: string;
  /** The rule as it is written in the op. */
  readonly rule: string;
  /** The rule for one element with the names of this graph, and with their numbers, when a formula of the op says it. */
  readonly names?: string;
  readonly numbers?: string;
  /** Which element that is, `₁₂`; nothing for a scalar. */
  readonly element?: string;
  readonly value: string;
  readonly contribution: string;
  /** The gradient of the tensor before this contribution, if there was one, and after it. */
  readonly before?: string;
  readonly accumulated: string;
}

/** One step of backward: the execution of an op that hands its gradient on. */
export interface ExplainedStep {
  readonly op: string;
  readonly output: string;
  readonly upstream: string;
  readonly inputs: readonly ExplainedInput[];
  /** The graph with what is known after this step. */
  readonly graph: GraphDescription;
}

/** Backward, one step at a time: data, and a strip of pictures. */
export interface Explanation extends Figure {
  readonly steps: readonly ExplainedStep[];
  toString(): string;
}

/**
 * Explains `loss.backward()` step by step: at each OpNode the rule with its numbers, the upstream gradient, and what is
 * accumulated so far. Nothing is changed: no `grad` is set.
 * @throws GradbookError unless the loss is a scalar that was computed.
 * @example await show(explain(loss))
 */
export function explain(loss: Tensor, options: Omit<GraphOptions, 'alt'> = {}): Explanation {
  requireKinds('explain', { loss }, { loss: aTensor });
  requireOptions('explain', options, { title: true, direction: true });
  const { title, direction = 'right' } = options;
  if (loss.size !== 1 || loss.source === undefined) {
    throw new GradbookError(
      `explain: ${loss.label} is no scalar that was computed; explain(…) follows loss.backward(), so give it the loss`,
    );
  }
  const nodes = topologicalOrder(loss);
  const nameOf = names(loss, nodes);
  const recorded: Contribution[] = [];
  gradientsOf(loss, { observe: (step) => recorded.push(step) });
  const start = graphOf(loss, nodes, nameOf, { recorded, seen: 0, current: undefined });
  const steps = nodes
    .map((node): ExplainedStep | undefined => {
      const own = recorded.filter((step) => step.node === node);
      if (own.length === 0) return undefined;
      const seen = recorded.indexOf(own.at(-1)!) + 1;
      return {
        op: node.op.name,
        output: nameOf(node.outputs[0]),
        upstream: shortValue(own[0]!.upstream),
        inputs: own.map((step) => explainedInput(step, recorded, nameOf)),
        graph: graphOf(loss, nodes, nameOf, { recorded, seen, current: node }),
      };
    })
    .filter((step) => step !== undefined)
    .reverse();
  const text = [startText(nameOf(loss)), ...steps.map(stepText)];
  const alt = `Backward in ${steps.length} steps. ${text.map((lines) => lines.join(' ')).join(' ')}`;
  const frames = [
    { graph: start, lines: text[0]! },
    ...steps.map(({ graph }, k) => ({ graph, lines: text[k + 1]! })),
  ];
  const parts = { alt, ...(title === undefined ? {} : { title }) };
  const figure = drawing({ ...parts, toSvg: () => drawStrip(frames, { ...parts, direction }) });
  return {
    ...figure,
    steps,
    display: async () => {
      const bundle = await figure.display();
      return { ...bundle, 'text/html': stripWithButtons(String(bundle['image/svg+xml']), alt) };
    },
    toString: () => text.map((lines) => lines.join('\n  ')).join('\n'),
  };
}

/** Names as given; the loss is called so, and other results are numbered. */
function names(loss: Tensor, nodes: readonly OpNode[]): (tensor: Tensor) => string {
  const given = new Map<Tensor, string>();
  let count = 0;
  const add = (tensor: Tensor): void => {
    if (given.has(tensor)) return;
    given.set(tensor, tensor.name ?? (tensor === loss ? 'loss' : `h${subscripts(count++, [Infinity])}`));
  };
  for (const { inputs, outputs } of nodes) [...inputs, ...outputs].forEach(add);
  return (tensor) => given.get(tensor)!;
}

function explainedInput(
  step: Contribution,
  recorded: readonly Contribution[],
  nameOf: (tensor: Tensor) => string,
): ExplainedInput {
  const { node, position, contribution, accumulated } = step;
  const tensor = node.inputs[position]!;
  const input = node.op.inputs[position]!;
  const earlier = recorded.slice(0, recorded.indexOf(step)).filter((other) => inputOf(other) === tensor);
  const written = writtenRule(step, { tensor: nameOf, number });
  const at = written === undefined ? '' : subscripts(written.element, tensor.shape);
  return {
    tensor: nameOf(tensor),
    input,
    rule: String(node.op.backward[input]),
    ...(written === undefined
      ? { value: shortValue(contribution) }
      : {
          names: written.names,
          numbers: written.numbers,
          value: number(contribution.data()[written.element]!),
        }),
    ...(at === '' ? {} : { element: at }),
    contribution: shortValue(contribution),
    ...(earlier.length === 0 ? {} : { before: shortValue(earlier.at(-1)!.accumulated) }),
    accumulated: shortValue(accumulated),
  };
}

function inputOf({ node, position }: Contribution): Tensor {
  return node.inputs[position]!;
}

function startText(loss: string): string[] {
  return ['Start', `${loss}.grad = 1: by how much ${loss} changes when ${loss} changes.`];
}

/** A heading and one sentence a line. */
function stepText({ op, output, upstream, inputs }: ExplainedStep, k: number): string[] {
  return [
    `Step ${k + 1}: ${op}`,
    `Upstream: ${output}.grad = ${upstream}, complete.`,
    ...inputs.flatMap(contributionText),
  ];
}

function contributionText(explained: ExplainedInput): string[] {
  const { tensor, input, names, numbers, element, value, contribution, before, accumulated } = explained;
  const role = tensor === input ? '' : ` as ${input}`;
  const place = element === undefined ? '' : `, element ${element}`;
  const sides = names === undefined ? [contribution] : [names, numbers!, value].filter(differsFromNext);
  const sum = before === undefined ? accumulated : `${before} + ${contribution} = ${accumulated}`;
  return [
    `Rule for ${tensor}${role}${place}: ${sides.join(' = ')}.`,
    `Accumulated so far: ${tensor}.grad = ${sum}.`,
  ];
}

function differsFromNext(text: string, k: number, all: readonly string[]): boolean {
  return text !== all[k + 1];
}

interface Moment {
  readonly recorded: readonly Contribution[];
  /** How many contributions have been made. */
  readonly seen: number;
  readonly current: OpNode | undefined;
}

/** The graph at one moment of backward: gradients that have begun, that are complete, and that are not yet computed. */
function graphOf(
  loss: Tensor,
  nodes: readonly OpNode[],
  nameOf: (tensor: Tensor) => string,
  { recorded, seen, current }: Moment,
): GraphDescription {
  const drawn: GraphNode[] = [];
  const edges: [string, string][] = [];
  const ids = new Map<Tensor, string>();
  const gradOf = (tensor: Tensor) => {
    if (tensor === loss) return { label: 'grad', value: '1' };
    const all = recorded.filter((step) => inputOf(step) === tensor);
    const known = recorded.slice(0, seen).filter((step) => inputOf(step) === tensor);
    const value = known.length === 0 ? undefined : shortValue(known.at(-1)!.accumulated);
    return { label: known.length > 0 && known.length < all.length ? 'grad so far' : 'grad', value };
  };
  const idOf = (tensor: Tensor): string => {
    const present = ids.get(tensor);
    if (present !== undefined) return present;
    const id = `tensor${ids.size}`;
    ids.set(tensor, id);
    const lines = [
      { label: 'value', value: shortValue(tensor) },
      ...(tensor.requiresGrad ? [gradOf(tensor)] : []),
    ];
    drawn.push({ id, kind: 'tensor', label: nameOf(tensor), lines });
    return id;
  };
  nodes.forEach((node, k) => {
    const op = `op${k}`;
    const inputs = node.inputs.map(idOf);
    drawn.push({ id: op, kind: 'op', label: node.op.name, ...(node === current ? { highlight: true } : {}) });
    for (const input of inputs) edges.push([input, op]);
    edges.push([op, idOf(node.outputs[0])]);
  });
  return { nodes: drawn, edges };
}
