import type { Dataset } from '../data/dataset.js';
import { cifar10, type ImageFileOptions } from '../data/image-files.js';
import { canonicalJson } from './canonical-json.js';
import type { Recipe } from './experiment.js';
import { dataOf } from './trial.js';

let latest: { readonly key: string; readonly data: Promise<Dataset> } | undefined;

/**
 * The data of a trial, generated or from files; what is read from files is kept for the next trial.
 * @throws ValueError when files are missing (with the way to get them), or not as they were published.
 */
export async function loadData(
  { data, dtype }: Pick<Recipe, 'data' | 'dtype'>,
  seed: number,
  files: Pick<ImageFileOptions, 'folder' | 'source'> = {},
): Promise<Dataset> {
  if (data.kind !== 'cifar10') return dataOf({ data, dtype }, seed);
  const { train, validation } = data;
  const key = canonicalJson({ data, dtype, files });
  if (latest?.key !== key) {
    latest = { key, data: cifar10({ train, validation, dtype, ...files }) };
    latest.data.catch(() => (latest = undefined)); // files may be there the next time
  }
  return latest.data;
}
