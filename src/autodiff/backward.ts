import { kernels } from '../kernels/index.js';
import type { FloatDType } from '../tensor/dtype.js';
import { keep } from '../tensor/creation.js';
import { ShapeError, internal } from '../tensor/error.js';
import { Block, openScope, scoped } from '../tensor/memory.js';
import { equalShapes, formatShape } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import type { BackwardContext, OpRecord } from './op.js';
import type { OpNode } from './op-node.js';

type Addition = (left: Tensor, right: Tensor) => Tensor;

/** How the contributions of several uses of a tensor are added up; the op `add` registers itself here. */
let addition: Addition | undefined;

export function registerAddition(add: Addition): void {
  addition = add;
}

export interface BackwardOptions {
  /** $\ell^\nabla$ of the output; ones unless said, so that for a scalar the gradients are its own. */
  readonly upstream?: Tensor;
  /** Whether the gradients are part of a graph themselves, so that they can be differentiated again. */
  readonly createGraph?: boolean;
  /** Is told of every gradient that a rule hands on, in the order in which backward computes them. */
  readonly observe?: (step: Contribution) => void;
}

/** What one rule of one OpNode adds to the gradient of one input. */
export interface Contribution {
  readonly node: OpNode;
  /** Which of the node's inputs it belongs to, counted from 0. */
  readonly position: number;
  /** The gradient of the node's output, which is complete by now. */
  readonly upstream: Tensor;
  readonly contribution: Tensor;
  /** The input's gradient so far, this contribution included. */
  readonly accumulated: Tensor;
}

/** The gradient with respect to every tensor that the output depends on, $\partial\ell/\partial T$ for each $T$. */
export function gradientsOf(output: Tensor, options: BackwardOptions = {}): Map<Tensor, Tensor> {
  const { upstream = onesLike(output) } = options;
  const gradients = new Map<Tensor, Tensor>([[output, upstream]]);
  const order = topologicalOrder(output);
  for (let k = order.length - 1; k >= 0; k--) propagate(order[k]!, gradients, options);
  return gradients;
}

/** `loss.backward()`: sets `grad` of every tensor that the loss depends on; each gradient lives as long as its tensor. */
export function setGradients(loss: Tensor): void {
  if (openScope() === undefined) {
    scoped('backward', () => setGradients(loss));
    return;
  }
  for (const [tensor, gradient] of gradientsOf(loss)) {
    const own = tensor.region instanceof Block ? keep(gradient) : gradient.view(gradient.shape);
    own.name = tensor.name === undefined ? undefined : `${tensor.name}.grad`;
    if (tensor.grad?.region instanceof Block) tensor.grad.region.setAside();
    tensor.grad = own;
  }
}

/** `loss.clear()`: frees what ops computed, and all gradients; leaves keep their values. */
export function clearGraph(loss: Tensor): void {
  const nodes = topologicalOrder(loss);
  const leaves = new Set(nodes.flatMap((node) => node.inputs.filter((input) => input.source === undefined)));
  const kept = new Set([...leaves].map((leaf) => leaf.region));
  const free = (tensor: Tensor | undefined): void => {
    if (tensor?.region instanceof Block && !kept.has(tensor.region)) tensor.region.release();
  };
  const forget = (tensor: Tensor): void => {
    free(tensor.grad);
    tensor.grad = undefined;
  };
  for (const node of nodes) {
    const output = node.outputs[0];
    for (const tensor of [output, ...node.inputs]) forget(tensor);
    output.madeBy = node.op.name;
    output.source = undefined;
    for (const tensor of [output, node.saved]) free(tensor);
    for (const block of node.owned) block.release();
  }
}

/** OpNodes below a tensor, each after all nodes it depends on; iterative, so that deep graphs fit. */
export function topologicalOrder(loss: Tensor): OpNode[] {
  const order: OpNode[] = [];
  const visited = new Set<OpNode>();
  const path: OpNode[] = [];
  const nextInput: number[] = [];
  const enter = (tensor: Tensor): void => {
    const node = tensor.source as OpNode | undefined; // OpNode is the only Source
    if (node === undefined || visited.has(node)) return;
    visited.add(node);
    path.push(node);
    nextInput.push(0);
  };
  enter(loss);
  while (path.length > 0) {
    const node = path[path.length - 1]!;
    const k = nextInput[nextInput.length - 1]!++;
    if (k < node.inputs.length) {
      enter(node.inputs[k]!);
    } else {
      order.push(node);
      path.pop();
      nextInput.pop();
    }
  }
  return order;
}

/** Hands the gradient of a node's output to its inputs; the node's consumers have all been visited before. */
function propagate(node: OpNode, gradients: Map<Tensor, Tensor>, options: BackwardOptions): void {
  const gradient = gradients.get(node.outputs[0]);
  if (gradient === undefined) return;
  const { createGraph = false, observe } = options;
  const context = contextOf(node, gradient, createGraph);
  for (let k = 0; k < node.inputs.length; k++) {
    const input = node.inputs[k]!;
    if (!input.requiresGrad) continue;
    const contribution = ruleOf(node.op, k, createGraph)(context);
    if (!equalShapes(contribution.shape, input.shape)) {
      throw new ShapeError(
        `${node.op.name}: the rule for ${node.op.inputs[k]} gives shape ${formatShape(contribution.shape)} ` +
          `for an input of shape ${formatShape(input.shape)}; sumTo(…) sums over axes that were repeated`,
      );
    }
    const present = gradients.get(input);
    const accumulated = present === undefined ? contribution : sumOf(present, contribution);
    gradients.set(input, accumulated);
    observe?.({ node, position: k, upstream: gradient, contribution, accumulated });
  }
}

/** In the first order the rule sees tensors cut off from the graph, so that computing a gradient records nothing. */
function contextOf(node: OpNode, gradient: Tensor, createGraph: boolean): BackwardContext<string, unknown> {
  const { op, inputs, outputs, attributes, saved } = node;
  const seen = (tensor: Tensor): Tensor => (createGraph ? tensor : tensor.detach());
  return op.bind(inputs.map(seen), { output: seen(outputs[0]), gradient, attributes, saved });
}

function ruleOf(op: OpRecord<string, unknown>, k: number, createGraph: boolean) {
  const name = op.inputs[k]!;
  return (createGraph ? undefined : op.fused?.[name]) ?? op.backward[name]!;
}

function sumOf(present: Tensor, contribution: Tensor): Tensor {
  return addition === undefined ? internal('no op adds up gradients') : addition(present, contribution);
}

function onesLike(tensor: Tensor): Tensor {
  const ones = Tensor.allocate(tensor.shape, tensor.dtype);
  kernels[tensor.dtype as FloatDType].fill(ones.pointer, ones.size, 1);
  return ones;
}
