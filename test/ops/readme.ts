import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { format } from 'prettier';
import { courseNameTable, opCheckTable, opTable } from '../../src/figures/op-table.js';

export const readmePath = 'src/ops/README.md';

/** The page about ops, from the registry. */
export async function opsReadme(): Promise<string> {
  const markdown = (table: { display(): Readonly<Record<string, unknown>> }) =>
    table.display()['text/markdown'] as string;
  const text = `# The ops

This page is made from the registry: do not edit it. \`npx tsx test/ops/readme.ts\` writes it again; a test fails while it is
out of date.

Each op is one record: its formula, the derivation of its gradients, its shape rule, the kernel that computes it, the rules
that differentiate it, and the samples on which all of this is checked. In the formulas S is the output and
$S^\\nabla$ the upstream gradient; indices count from 1, labels t from 0.

${markdown(opTable())}

## How they are checked

The number of equalities says how many \`=\` of the derivation hold at random points, against each other and against the
code. The last column is the largest relative difference between the code's gradient and central differences, over all
elements of all samples.

${markdown(opCheckTable())}

## What the course calls them

${markdown(courseNameTable())}
`;
  return format(text, { parser: 'markdown', printWidth: 110 });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(readmePath, await opsReadme());
}
