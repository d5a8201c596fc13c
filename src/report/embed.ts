import type { Parent, RootContent } from 'mdast';
import type { CodeCell, Cell, Notebook } from '../notebook/nbformat.js';
import { type Collected, findNotebook, suggestNotebook } from './collect.js';
import { checkDigits } from './digits.js';
import { parseMarkdown, placeOfNode } from './markdown-parser.js';
import { type Place, type Problems, suggest } from './problem.js';

/** What cells are taken from. */
export interface Embedding {
  readonly collected: Collected;
  readonly problems: Problems;
}

/**
 * Replaces `::cell{notebook=q1-division cell=answer}` by the content of the notebook's cells with this id or tag: the text
 * of a Markdown cell, or what a code cell has shown as Markdown. So an answer stands in one place, its notebook.
 */
export function embedCells(nodes: readonly RootContent[], embedding: Embedding): RootContent[] {
  const { collected, problems } = embedding;
  return nodes.flatMap((node): RootContent[] => {
    const directive = node as unknown as Parent & {
      name?: string;
      attributes?: Record<string, string | null | undefined> | null;
    };
    if (directive.type !== 'leafDirective' || directive.name !== 'cell') return [node];
    const place = placeOfNode(node);
    const { notebook: name, cell: wanted } = directive.attributes ?? {};
    if (typeof name !== 'string' || typeof wanted !== 'string') {
      problems.add(
        place,
        'write ::cell{notebook=… cell=…} with the name of a notebook and the id or tag of a cell.',
      );
      return [];
    }
    const found = findNotebook(collected, name);
    if (found === undefined) {
      problems.add(place, `there is no notebook "${name}".${suggestNotebook(collected, name)}`);
      return [];
    }
    const [path, notebook] = found;
    const cells = cellsOf(notebook, wanted);
    if (cells.length === 0) {
      const known = notebook.cells.flatMap((cell) => [cell.id, ...tagsOf(cell)]);
      problems.add(place, `${path} has no cell with the id or tag "${wanted}".${suggest(wanted, known)}`);
    }
    return cells.flatMap((cell) => contentOf(cell, path, place, embedding));
  });
}

/** Adds a problem for every number that is typed by hand in a Markdown cell of a notebook, embedded or not. */
export function checkCellDigits(
  { notebooks }: Collected,
  constants: readonly string[],
  problems: Problems,
): void {
  for (const [file, { cells }] of notebooks) {
    for (const { cell_type, id, source } of cells) {
      if (cell_type !== 'markdown') continue;
      checkDigits(parseMarkdown(source, { file, cell: id, line: 1 }), constants, problems);
    }
  }
}

function cellsOf(notebook: Notebook, wanted: string): Cell[] {
  return notebook.cells.filter((cell) => cell.id === wanted || tagsOf(cell).includes(wanted));
}

function tagsOf({ metadata }: Cell): string[] {
  const { tags } = metadata as { tags?: unknown };
  return Array.isArray(tags) ? tags.map(String) : [];
}

function contentOf(cell: Cell, path: string, place: Place, { problems }: Embedding): RootContent[] {
  if (cell.cell_type === 'code') {
    const shown = markdownOutputs(cell);
    if (shown.length === 0) {
      problems.add(
        place,
        `cell ${cell.id} of ${path} shows nothing as Markdown: embed its figures and tables by their labels.`,
      );
    }
    return shown.flatMap((text) => parseMarkdown(text, { file: path, cell: cell.id }).children);
  }
  if (cell.cell_type === 'raw') {
    problems.add(place, `cell ${cell.id} of ${path} is raw: embed a Markdown cell or a code cell.`);
    return [];
  }
  return parseMarkdown(cell.source, { file: path, cell: cell.id, line: 1 }).children.filter(
    ({ type }) => type !== 'heading',
  );
}

function markdownOutputs(cell: CodeCell): string[] {
  return cell.outputs.flatMap((output) => {
    if (output.output_type !== 'display_data' && output.output_type !== 'execute_result') return [];
    if ('gradbook' in output.metadata) return [];
    const text = output.data['text/markdown'] ?? output.data['text/latex'];
    return typeof text === 'string' ? [text] : [];
  });
}
