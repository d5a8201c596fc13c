import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it that are not there. Node's own `recursive` never returns where a system refuses a new
 * folder as if the one above it were missing, as Linux does below /proc.
 * @throws Error of the file system when one cannot be made.
 */
export function makeFolder(path: string): void {
  if (dirname(path) !== path && !existsSync(dirname(path))) makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !statSync(path).isDirectory()) throw error;
  }
}
