import { hasTag, type CodeCell, type Notebook } from './nbformat.js';

const tag = 'injected-blas';

/** A copy of a notebook whose first cell hands large matrix products to OpenBLAS, so that its outputs say so. */
export function withBlasCell(original: Notebook): Notebook {
  const notebook = structuredClone(original);
  const cell: CodeCell = {
    id: tag,
    cell_type: 'code',
    metadata: { tags: [tag] },
    source: "import { enableBlas } from 'gradbook';\n\nconsole.log(await enableBlas());",
    outputs: [],
    execution_count: null,
  };
  notebook.cells = [cell, ...notebook.cells.filter((other) => !hasTag(other, tag))];
  return notebook;
}
