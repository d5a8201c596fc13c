import { aModel, type Module } from '../nn/module.js';
import type { DType, TypedArray } from '../tensor/dtype.js';
import { GradbookError } from '../tensor/error.js';
import { equalShapes, formatShape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { numbersIn, readSafetensors, type StoredTensor, writeSafetensors } from './safetensors.js';
import { bytes as fileBytes, requireKinds } from '../tensor/arguments.js';

/** Before the names of tensors that belong to the optimizer in a checkpoint. */
export const optimizerPrefix = 'optimizer.';

/** The state of a model, its parameters and what else it has learnt, as a safetensors file. */
export function saveWeights(model: Module): Uint8Array {
  requireKinds('saveWeights', { model }, { model: aModel });
  return writeSafetensors(model.state());
}

/**
 * Overwrites the state of a model by that in a safetensors file, be it of `saveWeights`, a checkpoint, or another program.
 * @throws GradbookError listing all that is missing, unknown, of another shape, or not finite; then nothing is changed.
 * @example loadWeights(model, readFileSync('weights.safetensors'))
 */
export function loadWeights(model: Module, bytes: Uint8Array, file = 'loadWeights'): void {
  requireKinds('loadWeights', { model, bytes }, { model: aModel, bytes: fileBytes });
  const { tensors } = readSafetensors(bytes, file);
  const own = Object.entries(tensors).filter(([name]) => !name.startsWith(optimizerPrefix));
  assignAll(model.state(), Object.fromEntries(own), file);
}

const storedAs: Readonly<Record<DType, string>> = { float64: 'F64', float32: 'F32', int32: 'I32' };

/**
 * Overwrites tensors by stored ones of the same names and shapes; `exactly` refuses other types of number, too.
 * @throws GradbookError listing everything that does not fit; then nothing is changed.
 */
export function assignAll(
  targets: Readonly<Record<string, Tensor>>,
  stored: Readonly<Record<string, StoredTensor>>,
  file: string,
  exactly = false,
): void {
  const numbers: Record<string, TypedArray> = {};
  const problems: string[] = [];
  for (const [name, target] of Object.entries(targets)) {
    const found = stored[name];
    if (found === undefined) problems.push(`${name} is missing`);
    else if (!equalShapes(found.shape, target.shape)) {
      problems.push(`${name} is ${formatShape(found.shape)} instead of ${formatShape(target.shape)}`);
    } else if (exactly && found.dtype !== storedAs[target.dtype]) {
      problems.push(`${name} is ${found.dtype} instead of ${storedAs[target.dtype]}`);
    } else {
      const values = numbersIn(found, `${file}: ${name}`);
      const bad = values.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0) problems.push(`${name} is ${values[bad]} at element ${bad}`);
      numbers[name] = values;
    }
  }
  for (const name of Object.keys(stored))
    if (targets[name] === undefined) problems.push(`${name} is unknown here`);
  if (problems.length > 0) {
    throw new GradbookError(`${file}: these numbers do not fit the model: ${problems.join('; ')}`);
  }
  for (const [name, values] of Object.entries(numbers)) targets[name]!.assign(values);
}
