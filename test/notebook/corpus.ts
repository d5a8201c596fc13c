import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readNotebook } from '../../src/notebook/nbformat.js';
import { temporaryProject } from './notebooks.js';

/** What a notebook of the corpus says of itself in its metadata. */
export interface Verdict {
  readonly verdict: 'pass' | 'fail';
  /** Under which fronts the verdict holds: what comes to light only at the end of a notebook is hidden from a kernel. */
  readonly fronts: readonly ('run' | 'kernel' | 'nbclient' | 'nbconvert')[];
  readonly expect?: { readonly error: string; readonly cell: number; readonly line?: number };
  readonly limits?: Readonly<Partial<Record<'timeout' | 'drain' | 'memory' | 'output', number>>>;
}

export interface CorpusNotebook {
  readonly kind: 'must-fail' | 'must-pass';
  readonly name: string;
  readonly path: string;
  /** None for a file that is no notebook of ours. */
  readonly says: Verdict | undefined;
}

/** A copy of the corpus, so that no run changes what is committed. */
export function copyOfCorpus(): CorpusNotebook[] {
  const folder = temporaryProject();
  cpSync('test/notebooks', folder, { recursive: true });
  return (['must-fail', 'must-pass'] as const).flatMap((kind) =>
    readdirSync(join(folder, kind))
      .filter((file) => file.endsWith('.ipynb'))
      .map((file) => {
        const path = join(folder, kind, file);
        const name = file.replace(/\.ipynb$/, '');
        return { kind, name, path, says: name.startsWith('invalid-') ? undefined : verdictOf(path) };
      }),
  );
}

function verdictOf(path: string): Verdict {
  return readNotebook(readFileSync(path, 'utf8')).metadata.gradbook as unknown as Verdict;
}
