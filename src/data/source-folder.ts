import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ValueError } from '../tensor/error.js';
import { gunzip } from './gzip.js';
import type { ImageSource, SourceFile } from './image-sources.js';
import { readTar } from './tar.js';

/** The data folder: the one given, or `data` in the working folder or above it, up to the folder of the project. */
export function dataFolder(given?: string): string {
  if (given !== undefined) return resolve(given);
  for (let folder = resolve('.'); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'data'))) return join(folder, 'data');
    if (existsSync(join(folder, 'package.json')) || folder === dirname(folder)) return resolve('data');
  }
}

/** Whether all files of a source are there, in one of the forms that can be read. */
export function hasImageFiles(source: ImageSource, folder: string): boolean {
  return [...source.training, ...source.validation].every((file) => find(file, source, folder) !== undefined);
}

/** Reads a file of a source. */
export type FileReader = (file: SourceFile) => Promise<Uint8Array>;

/**
 * A reader for the files of a source in a data folder: as published, decompressed, or in the archive that is downloaded.
 * What it reads is checked against the published checksum, except for files that came compressed and no longer are.
 */
export function fileReader(source: ImageSource, folder: string): FileReader {
  let archive: Promise<ReadonlyMap<string, Uint8Array>> | undefined;
  return async (file) => {
    const found = find(file, source, folder);
    if (found === undefined) {
      throw new ValueError(
        `${source.title}: there is no ${file.file} in ${folder}; ${howToPlace(source, folder)}`,
      );
    }
    const { path, form } = found;
    if (form === 'decompressed') return readFile(path);
    if (form === 'archive') archive ??= unpacked(path);
    const bytes = archive === undefined ? await readFile(path) : (await archive).get(file.file);
    if (bytes === undefined) throw new ValueError(`${path}: there is no ${file.file} in this archive`);
    requireSum(bytes, file, path);
    return file.file.endsWith('.gz') ? gunzip(bytes, path) : bytes;
  };
}

/** The files in a compressed archive. */
export async function unpacked(path: string): Promise<ReadonlyMap<string, Uint8Array>> {
  return readTar(await gunzip(await readFile(path), path), path);
}

/** @throws ValueError unless the bytes are those that were published. */
export function requireSum(bytes: Uint8Array, { file, sha256 }: SourceFile, path: string): void {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found === sha256) return;
  throw new ValueError(
    `${path}: this is not ${file} as it was published: its SHA-256 is ${found} instead of ${sha256}; ` +
      `with ${bytes.length} bytes it is cut off, damaged or another file, so fetch it again`,
  );
}

/** How to get the files of a source. */
export function howToPlace(source: ImageSource, folder: string): string {
  const files = source.downloads.map(
    ({ file, urls, bytes, md5 }) =>
      `\n  ${urls[0]} (${bytes} bytes, MD5 ${md5})\n    as ${placeOf(file, source, folder)}`,
  );
  return (
    `run "npx gradbook data fetch ${source.name}", or, without network, download elsewhere and place` +
    files.join('')
  );
}

/** Where a download goes: an archive into the data folder, other files into the source's own. */
export function placeOf(file: string, source: ImageSource, folder: string): string {
  return isArchive(file) ? join(folder, file) : join(folder, source.folder, file);
}

export function isArchive(file: string): boolean {
  return file.endsWith('.tar.gz');
}

interface Found {
  readonly path: string;
  readonly form: 'published' | 'decompressed' | 'archive';
}

function find({ file }: SourceFile, source: ImageSource, folder: string): Found | undefined {
  const places = [join(folder, source.folder), folder];
  const archives = source.downloads.filter((download) => isArchive(download.file));
  const names: (readonly [name: string, form: Found['form']])[] = [
    [file, 'published'],
    ...(file.endsWith('.gz') ? [[file.slice(0, -'.gz'.length), 'decompressed'] as const] : []),
    ...archives.map((archive) => [archive.file, 'archive'] as const),
  ];
  for (const [name, form] of names) {
    const path = places.map((place) => join(place, name)).find((candidate) => existsSync(candidate));
    if (path !== undefined) return { path, form };
  }
  return undefined;
}
