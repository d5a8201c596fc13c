import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { GradbookError } from '../tensor/error.js';
import { decodeTrial, type TrialRecord, UnreadableRecord } from './trial-record.js';
import { makeFolder } from '../data/make-folder.js';

const LEFTOVER = /^[0-9a-f]{64}\.[0-9a-f]+\.tmp$/;
const RECORD = /^([0-9a-f]{64})\.json$/;

/** A file of a store: a record, or why it is none. */
export interface StoredFile {
  readonly name: string;
  readonly record?: TrialRecord;
  readonly problem?: string;
}

/** Where results are kept unless said otherwise: `GRADBOOK_STORE`, else `.gradbook/runs` in the project around this folder. */
export function defaultStore(): string {
  const given = process.env.GRADBOOK_STORE;
  return given === undefined || given === '' ? join(projectRoot(), '.gradbook', 'runs') : resolve(given);
}

/**
 * A folder with one file a trial, written once and whole.
 *
 * A file appears under its name only after its bytes are on disk, so that a process may be killed at any moment, and any
 * number of processes or machines may add trials at once without a lock.
 */
export class Store {
  /**
   * Opens a folder, makes it if need be, and removes what killed processes left behind.
   * @throws GradbookError when the folder cannot be used.
   */
  constructor(readonly directory: string) {
    try {
      makeFolder(directory);
      for (const name of readdirSync(directory)) {
        if (LEFTOVER.test(name)) rmSync(join(directory, name), { force: true });
      }
    } catch (error) {
      throw new GradbookError(
        `the store ${directory} cannot be used: ${(error as Error).message}; choose another one with --store`,
      );
    }
  }

  /**
   * The record of a trial, or `undefined` when there is none.
   * @throws UnreadableRecord when there is a file of its name that is torn, foreign or of a newer version.
   */
  read(id: string): TrialRecord | undefined {
    const text = this.#textOf(id);
    return text === undefined ? undefined : decodeTrial(text, id);
  }

  /**
   * Adds the record of a trial, replacing a damaged one.
   * @throws GradbookError when another record of the same trial says something else, or the disk does not take it.
   */
  write(id: string, text: string): void {
    try {
      this.#write(id, text, 3);
    } catch (error) {
      if (error instanceof GradbookError) throw error;
      throw new GradbookError(`the store ${this.directory} cannot take it: ${(error as Error).message}`);
    }
  }

  /** All files in the order of their names, with what is wrong with those that are no records. */
  files(): StoredFile[] {
    const names = readdirSync(this.directory).filter((name) => !LEFTOVER.test(name));
    return names.sort().map((name) => {
      const id = RECORD.exec(name)?.[1];
      if (id === undefined) return { name, problem: 'its name is not that of a record' };
      try {
        const record = this.read(id);
        return record === undefined ? { name, problem: 'it has vanished' } : { name, record };
      } catch (error) {
        return { name, problem: (error as Error).message };
      }
    });
  }

  #write(id: string, text: string, attempts: number): void {
    const target = this.#pathOf(id);
    const temporary = join(this.directory, `${id}.${randomBytes(6).toString('hex')}.tmp`);
    try {
      writeFileSync(temporary, text, { flag: 'wx', flush: true });
      linkOrRename(temporary, target);
      syncFolder(this.directory);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') this.#settle(id, text, temporary);
      // Another process that started just now took our file for a leftover.
      else if (code === 'ENOENT' && attempts > 1 && existsSync(this.directory))
        this.#write(id, text, attempts - 1);
      else throw error;
    } finally {
      rmSync(temporary, { force: true });
    }
  }

  /** There is a file of this name: it says the same, or is damaged and replaced, or the code is not reproducible. */
  #settle(id: string, text: string, temporary: string): void {
    if (this.#textOf(id) === text) return;
    try {
      this.read(id);
    } catch (error) {
      if (!(error instanceof UnreadableRecord) || error.kind === 'newer') throw error;
      renameSync(temporary, this.#pathOf(id));
      syncFolder(this.directory);
      return;
    }
    throw new GradbookError(
      `the trial ${id} is in the store ${this.directory} with another result, although experiment, seed and code are ` +
        'the same; one of the two machines computes wrongly, or the file was altered: delete it and run again',
    );
  }

  #textOf(id: string): string | undefined {
    try {
      return readFileSync(this.#pathOf(id), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new UnreadableRecord('damaged', `it cannot be read: ${(error as Error).message}`);
    }
  }

  #pathOf(id: string): string {
    return join(this.directory, `${id}.json`);
  }
}

/** Linking refuses a name that is taken, which renaming does not; but some shared folders know no links. */
function linkOrRename(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'ENOSYS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    renameSync(from, to);
  }
}

/** Makes the folder's new entry last; not every system lets folders be opened. */
function syncFolder(directory: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(directory, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** The nearest folder upward that holds a package, else the present one. */
function projectRoot(): string {
  for (let folder = resolve('.'); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (dirname(folder) === folder) return resolve('.');
  }
}
