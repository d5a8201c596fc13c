import type { FloatDType } from '../tensor/dtype.js';
import { cifar10Classes, readCifar10 } from './cifar10.js';
import type { Dataset } from './dataset.js';
import { cifar10Source, type ImageSource, mnistSource, type SourceFile } from './image-sources.js';
import { firstImages, imageDataset, type Images, joinImages } from './images.js';
import { mnistClasses, readMnist } from './mnist.js';
import { dataFolder, type FileReader, fileReader } from './source-folder.js';
import { aList, anyNumber, aText, objectWith, orNothing, requireKinds } from '../tensor/arguments.js';
import { type OptionNames, requireOptions } from '../tensor/options.js';

export interface ImageFileOptions {
  /** The data folder; `data` in the working folder or above it, up to the project's, unless said. */
  readonly folder?: string;
  /** How many of the first pictures to train on; all unless said. */
  readonly train?: number;
  /** How many of the first pictures to validate on; all unless said. */
  readonly validation?: number;
  readonly dtype?: FloatDType;
  /** Files and checksums; the published ones unless said. */
  readonly source?: ImageSource;
}

const fileOptions: OptionNames<ImageFileOptions> = {
  folder: true,
  train: true,
  validation: true,
  dtype: true,
  source: true,
};

const fileKinds = {
  folder: orNothing(aText),
  train: orNothing(anyNumber),
  validation: orNothing(anyNumber),
  source: orNothing(
    objectWith(
      { title: aText, folder: aText, downloads: aList, training: aList, validation: aList },
      'a source of pictures, { name, title, folder, downloads, training, validation }',
    ),
  ),
};

/**
 * CIFAR-10 from its files, unpacked or in their archive.
 * @throws ValueError when a file is missing (with the way to get it), cut off, damaged or foreign.
 * @example const data = await cifar10({ dtype: 'float32', train: 10_000 })
 */
export async function cifar10(options: ImageFileOptions = {}): Promise<Dataset> {
  requireFileOptions('cifar10', options);
  return fromFiles(options.source ?? cifar10Source, cifar10Classes, options, async (files, read) => {
    const parts: Images[] = [];
    for (const file of files) parts.push(readCifar10(await read(file), file.file));
    return joinImages(parts as [Images, ...Images[]]);
  });
}

/**
 * MNIST from its files, compressed or not; there are checksums for the compressed ones only.
 * @throws ValueError when a file is missing (with the way to get it), cut off, damaged or foreign.
 */
export async function mnist(options: ImageFileOptions = {}): Promise<Dataset> {
  requireFileOptions('mnist', options);
  return fromFiles(options.source ?? mnistSource, mnistClasses, options, async (files, read) => {
    const [images, labels] = files as [SourceFile, SourceFile];
    const names = { images: images.file, labels: labels.file };
    return readMnist(await read(images), await read(labels), names);
  });
}

function requireFileOptions(what: string, options: ImageFileOptions): void {
  requireOptions(what, options, fileOptions);
  const { folder, train, validation, source } = options;
  requireKinds(what, { folder, train, validation, source }, fileKinds);
}

async function fromFiles(
  source: ImageSource,
  classNames: readonly string[],
  { folder, train, validation, dtype }: ImageFileOptions,
  read: (files: readonly SourceFile[], reader: FileReader) => Promise<Images>,
): Promise<Dataset> {
  const reader = fileReader(source, dataFolder(folder));
  const part = async (files: readonly SourceFile[], count: number | undefined, what: string) => {
    const images = await read(files, reader);
    return count === undefined ? images : firstImages(images, count, `${source.title}, ${what}`);
  };
  return imageDataset({
    name: source.title,
    classNames,
    train: await part(source.training, train, 'training'),
    validation: await part(source.validation, validation, 'validation'),
    ...(dtype && { dtype }),
  });
}
