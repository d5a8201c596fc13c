import type { Dataset } from '../data/dataset.js';
import { cifar10, type ImageFileOptions } from '../data/image-files.js';
import { cifar10Source } from '../data/image-sources.js';
import { dataFolder, hasImageFiles } from '../data/source-folder.js';
import { canonicalJson } from './canonical-json.js';
import type { ImageClassesRecord, PictureRecipe, Recipe } from './experiment.js';
import { dataOf, withData } from './trial.js';
import { aCount, objectWith, requireKinds } from '../tensor/arguments.js';
import { requireOptions } from '../tensor/options.js';

const somePictures = objectWith(
  { train: aCount, validation: aCount },
  'how many pictures, { train, validation }',
);

let latest: { readonly key: string; readonly data: Promise<Dataset> } | undefined;

/** Where the files of CIFAR-10 are sought; see `cifar10`. */
type Files = Pick<ImageFileOptions, 'folder' | 'source'>;

/**
 * CIFAR-10 when its files are there, otherwise the generated pictures of `imageClasses`. Whoever shows results must say which,
 * since they cannot be compared.
 */
export function picturesAtHand(
  pictures: Omit<ImageClassesRecord, 'kind'>,
  files: Files = {},
): PictureRecipe['data'] {
  requireKinds('picturesAtHand', { pictures }, { pictures: somePictures });
  requireOptions('picturesAtHand', files, { folder: true, source: true });
  const { seed, ...sizes } = pictures;
  const { folder, source = cifar10Source } = files;
  if (hasImageFiles(source, dataFolder(folder))) return { kind: 'cifar10', ...sizes };
  return { kind: 'image-classes', ...sizes, ...(seed !== undefined && { seed }) };
}

/**
 * The data of a trial, generated or from files; what is read from files is kept for the next trial.
 * @throws ValueError when files are missing (with the way to get them), or not as they were published.
 */
export async function loadData(
  experiment: Pick<Recipe, 'data' | 'dtype'>,
  seed: number,
  files: Files = {},
): Promise<Dataset> {
  requireKinds('loadData', { experiment }, { experiment: withData });
  const { data, dtype } = experiment;
  if (data.kind !== 'cifar10') return dataOf({ data, dtype }, seed);
  const { train, validation } = data;
  const key = canonicalJson({ data, dtype, files });
  if (latest?.key !== key) {
    latest = { key, data: cifar10({ train, validation, dtype, ...files }) };
    latest.data.catch(() => (latest = undefined)); // files may be there the next time
  }
  return latest.data;
}
