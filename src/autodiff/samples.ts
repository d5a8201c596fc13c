import type { Random } from '../random/random.js';
import { tensor } from '../tensor/creation.js';
import type { FloatDType } from '../tensor/dtype.js';
import { type Shape, sizeOf } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { apply } from './apply.js';
import { boundRecord } from './binder.js';
import type { AnyRecord, Domain, Sample } from './op.js';

const everywhere: Domain = { low: -2, high: 2 };

/** Inputs of the shapes of a sample, drawn from the op's domains. */
export function drawInputs(
  op: Pick<AnyRecord, 'inputs' | 'domain'>,
  shapes: Readonly<Record<string, Shape>>,
  random: Random,
  dtype: FloatDType = 'float64',
): Record<string, Tensor> {
  return Object.fromEntries(
    op.inputs.map((name) => {
      const values = drawFrom(op.domain?.[name] ?? everywhere, sizeOf(shapes[name]!), random.split(name));
      return [name, tensor(values, { shape: shapes[name]!, dtype, name })];
    }),
  );
}

/** Calls an op on named inputs with the attributes of a sample. */
export function callOn(
  op: AnyRecord,
  sample: Sample<string, unknown>,
  inputs: Readonly<Record<string, Tensor>>,
): Tensor {
  const operands = op.inputs.map((name) => inputs[name]!);
  return apply(boundRecord(op), operands, sample.attributes);
}

function drawFrom({ low, high, signed = false }: Domain, count: number, random: Random): Float64Array {
  const draws = random.uniforms(count).map((draw) => low + (high - low) * draw);
  if (!signed) return draws;
  return random.uniforms(count).map((coin, k) => (coin < 0.5 ? -draws[k]! : draws[k]!));
}
