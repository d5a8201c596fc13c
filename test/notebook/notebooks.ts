import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder for one test that counts as a project of its own. */
export function temporaryProject(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'gradbook-test-'));
  for (const [name, text] of Object.entries({ 'package.json': '{}', ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

interface CellOptions {
  readonly tags?: readonly string[];
  readonly metadata?: object;
}

/** The text of a TypeScript notebook with these code cells; a pair gives a cell its tags. */
export function notebookText(
  cells: readonly (string | readonly [string, CellOptions])[],
  metadata: object = typescript,
): string {
  return JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata,
    cells: cells.map((cell, index) => {
      const [source, options] = typeof cell === 'string' ? [cell, {}] : cell;
      const tags = options.tags ? { tags: options.tags } : {};
      return {
        id: `cell-${index + 1}`,
        cell_type: 'code',
        metadata: { ...options.metadata, ...tags },
        source,
        outputs: [],
        execution_count: null,
      };
    }),
  });
}

const typescript = { kernelspec: { name: 'tslab', display_name: 'TypeScript', language: 'typescript' } };
