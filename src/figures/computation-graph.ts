import { topologicalOrder } from '../autodiff/backward.js';
import { formatNumber } from '../tensor/print.js';
import { formatShape } from '../tensor/shape.js';
import { aTensor, type Tensor } from '../tensor/tensor.js';
import type { Figure } from './figure.js';
import { number } from './wording.js';
import { graph, type GraphField, type GraphNode, type GraphOptions } from './graph.js';
import { requireKinds } from '../tensor/arguments.js';
import { requireOptions } from '../tensor/options.js';

export interface ComputationGraphOptions extends GraphOptions {
  /** Whether gradients are shown; true unless said. */
  readonly gradients?: boolean;
  /** Tensors to point out. */
  readonly highlight?: readonly Tensor[];
}

/**
 * Draws the graph that a tensor was computed by: tensors as ellipses with shape, value and gradient, ops as diamonds.
 * A gradient that no `backward()` has reached is shown as not yet computed, which is not the same as zero.
 * @example await show(computationGraph(loss))
 */
export function computationGraph(result: Tensor, options: ComputationGraphOptions = {}): Figure {
  requireKinds('computationGraph', { result }, { result: aTensor });
  requireOptions('computationGraph', options, {
    title: true,
    direction: true,
    alt: true,
    gradients: true,
    highlight: true,
  });
  const { gradients = true, highlight = [], ...drawing } = options;
  const nodes: GraphNode[] = [];
  const edges: [string, string][] = [];
  const ids = new Map<Tensor, string>();
  const idOf = (tensor: Tensor): string => {
    const known = ids.get(tensor);
    if (known !== undefined) return known;
    const id = `tensor${ids.size}`;
    ids.set(tensor, id);
    nodes.push({
      id,
      kind: 'tensor',
      label: tensor.name ?? 'result',
      lines: linesOf(tensor, gradients),
      ...(highlight.includes(tensor) ? { highlight: true } : {}),
    });
    return id;
  };
  topologicalOrder(result).forEach((node, k) => {
    const op = `op${k}`;
    const inputs = node.inputs.map(idOf);
    nodes.push({ id: op, kind: 'op', label: node.op.name });
    for (const input of inputs) edges.push([input, op]);
    edges.push([op, idOf(node.outputs[0])]);
  });
  idOf(result);
  return graph({ nodes, edges }, drawing);
}

function linesOf(tensor: Tensor, gradients: boolean): (string | GraphField)[] {
  const shape = formatShape(tensor.shape);
  const value = { label: 'value', value: shortValue(tensor) };
  const grad = { label: 'grad', value: tensor.grad === undefined ? undefined : shortValue(tensor.grad) };
  return [shape, value, ...(gradients && tensor.requiresGrad ? [grad] : [])];
}

/** Small tensors are written out, of larger ones the range is given; with true minus signs. */
export function shortValue(tensor: Tensor): string {
  const data = [...tensor.data()];
  if (tensor.shape.length === 0) return withMinus(formatNumber(data[0]!));
  if (data.length > 6) return `${number(Math.min(...data))} … ${number(Math.max(...data))}`;
  const columns = tensor.shape[tensor.shape.length - 1]!;
  const rows = Array.from({ length: data.length / columns }, (_, row) =>
    data.slice(row * columns, (row + 1) * columns).map(number),
  );
  const text = rows.map((row) => `[${row.join(', ')}]`).join(', ');
  return rows.length > 1 ? `[${text}]` : text;
}

function withMinus(text: string): string {
  return text.replace('-', '−');
}
