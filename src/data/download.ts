import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { GradbookError } from '../tensor/error.js';
import type { Download } from './image-sources.js';
import { makeFolder } from './make-folder.js';

/** Told how many bytes are there, of how many. */
export type OnBytes = (done: number, total: number) => void;

/**
 * Downloads a file to a path, from the first of its addresses that gives it; what an earlier attempt has left in `<path>.part`
 * is not fetched again. Nothing appears under the path itself before its checksum is right.
 * @throws GradbookError that says for every address what went wrong.
 */
export async function download(what: Download, path: string, onBytes: OnBytes): Promise<'there' | 'fetched'> {
  if (existsSync(path)) {
    if (await hasSum(path, what)) return 'there';
    throw new GradbookError(
      `${path} exists, but is not ${what.file} as it was published: its SHA-256 is another; move it away and fetch again`,
    );
  }
  makeFolder(dirname(path));
  const part = `${path}.part`;
  const failures: string[] = [];
  for (const url of what.urls) {
    try {
      await fetchRest(url, part, what.bytes, onBytes);
      if (await hasSum(part, what)) {
        await rename(part, path);
        return 'fetched';
      }
      await rm(part);
      failures.push(`${url}: what came is not ${what.file}, its SHA-256 is another; it was deleted`);
    } catch (error) {
      failures.push(`${url}: ${reason(error)}`);
    }
  }
  throw new GradbookError(`${what.file} could not be fetched: ${failures.join('; ')}`);
}

async function fetchRest(url: string, part: string, total: number, onBytes: OnBytes): Promise<void> {
  const present = existsSync(part) ? (await stat(part)).size : 0;
  if (present === total) return;
  const from = present < total ? present : 0;
  const response = await fetch(url, from > 0 ? { headers: { range: `bytes=${from}-` } } : {});
  if (!response.ok || response.body === null) throw new Error(`the server answers ${response.status}`);
  const goesOn = response.status === 206 && from > 0;
  const file = await open(part, goesOn ? 'a' : 'w');
  try {
    let done = goesOn ? from : 0;
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      done += chunk.length;
      if (done > total) throw new Error(`it sends more than the ${total} bytes of the file`);
      await file.writeFile(chunk);
      onBytes(done, total);
    }
    if (done < total)
      throw new Error(`the connection ended after ${done} of ${total} bytes; fetch again to go on`);
  } finally {
    await file.close();
  }
}

async function hasSum(path: string, { bytes, sha256 }: Download): Promise<boolean> {
  if ((await stat(path)).size !== bytes) return false;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex') === sha256;
}

/** What fetch says is in the cause of its error. */
function reason(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}
