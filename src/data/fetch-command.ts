import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { GradbookError, ValueError } from '../tensor/error.js';
import { download } from './download.js';
import { type ImageSource, imageSources } from './image-sources.js';
import { dataFolder, howToPlace, isArchive, placeOf, requireSum, unpacked } from './source-folder.js';
import { makeFolder } from './make-folder.js';

const usage = `Usage: gradbook data fetch <cifar10|mnist> [--data DIR]

Downloads the files of published pictures, going on where an earlier attempt ended, and checks them.

  --data DIR  where they go (default: data)

Exit codes: 0 all files are there, 1 a file could not be fetched, 2 the command cannot be carried out.
`;

/** Where progress is written; a terminal gets a line that is redrawn. */
export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** `gradbook data`: fetches the files of published pictures; returns the exit code. */
export async function dataCommand(args: string[]): Promise<number> {
  let asked: Asked | undefined;
  try {
    asked = read(args);
  } catch (error) {
    process.stderr.write(`gradbook data: ${(error as Error).message}\n`);
    return 2;
  }
  if (asked === undefined) {
    process.stdout.write(usage);
    return 0;
  }
  const { source, folder } = asked;
  try {
    await fetchSource(source, folder, process.stderr);
    return 0;
  } catch (error) {
    if (!(error instanceof GradbookError)) throw error;
    process.stderr.write(`gradbook data: ${error.message}\n`);
    return 1;
  }
}

/**
 * Downloads the files of a source into a data folder, unpacks them where they come in an archive, and checks them.
 * @throws GradbookError that says what went wrong and how to place the files by hand.
 */
export async function fetchSource(source: ImageSource, folder: string, screen: Screen): Promise<void> {
  for (const file of source.downloads) {
    const path = placeOf(file.file, source, folder);
    const line = progressLine(screen, file.file);
    const outcome = await download(file, path, line.tell).catch((error: unknown) => {
      line.end();
      if (!(error instanceof GradbookError)) throw error;
      throw new GradbookError(`${error.message}\n${source.title} by hand: ${howToPlace(source, folder)}`);
    });
    line.end(`${path}: ${outcome === 'there' ? 'was there' : 'fetched'}, checksum right`);
    if (isArchive(file.file)) await unpack(source, folder, path, screen);
  }
}

interface Asked {
  readonly source: ImageSource;
  readonly folder: string;
}

/** What is asked for; nothing when it is help. */
function read(args: string[]): Asked | undefined {
  const options = { data: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (values.help === true) return undefined;
  const [action, name = '', ...rest] = positionals;
  if (action !== 'fetch' || rest.length > 0) {
    throw new ValueError(
      `write "gradbook data fetch <${Object.keys(imageSources).join('|')}>"; --help explains`,
    );
  }
  if (!Object.hasOwn(imageSources, name)) {
    throw new ValueError(
      `there is no data called ${JSON.stringify(name)}; there are ${Object.keys(imageSources).join(' and ')}`,
    );
  }
  return { source: imageSources[name as ImageSource['name']], folder: dataFolder(values.data) };
}

async function unpack(source: ImageSource, folder: string, path: string, screen: Screen): Promise<void> {
  const files = await unpacked(path);
  makeFolder(join(folder, source.folder));
  for (const file of [...source.training, ...source.validation]) {
    const bytes = files.get(file.file);
    if (bytes === undefined) throw new GradbookError(`${path}: there is no ${file.file} in this archive`);
    requireSum(bytes, file, path);
    await writeFile(join(folder, source.folder, file.file), bytes);
  }
  screen.write(`${join(folder, source.folder)}: unpacked, checksums right\n`);
}

const REDRAW = 100; // milliseconds

/** `[##########          ] 50 %, 85.0 of 170.1 MB, 12.3 MB a second` at the foot of a terminal; elsewhere only how it ends. */
function progressLine(screen: Screen, file: string) {
  const start = performance.now();
  let drawn = -REDRAW;
  let first: number | undefined;
  const tell = (done: number, total: number): void => {
    const now = performance.now();
    first ??= done;
    if (screen.isTTY !== true || (now - drawn < REDRAW && done < total)) return;
    drawn = now;
    const share = done / total;
    const bar = '#'.repeat(Math.floor(20 * share)).padEnd(20);
    const rate = (done - first) / 1000 / Math.max(1, now - start);
    const amount = `${(done / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`;
    screen.write(
      `\r\u001b[K${file} [${bar}] ${Math.floor(100 * share)} %, ${amount}, ${rate.toFixed(1)} MB a second`,
    );
  };
  const end = (result?: string): void => {
    if (drawn >= 0) screen.write('\r\u001b[K');
    if (result !== undefined) screen.write(`${result}\n`);
  };
  return { tell, end };
}
