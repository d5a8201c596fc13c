import { bars, dataTable, graph } from '../../src/figures/index.js';
import {
  claimOutput,
  head,
  makeProject,
  notebookText,
  output,
  shownOutput,
  type FixtureCell,
  type Project,
} from './project.js';

export const picture = () => bars([{ label: 'plane', value: 0.57 }], { measure: 'accuracy' });

/** The cells of a notebook with a claim, figures and a table. */
export async function cells(value: number | null = 0.9945): Promise<FixtureCell[]> {
  return [
    { id: 'answer', tags: ['result'], markdown: '## Answer\n\nThe quotient is $X \\oslash Y$.' },
    {
      id: 'train',
      outputs: [
        await shownOutput(picture(), 'fig-bars', 'Accuracy, where $a > 0.5$.'),
        await shownOutput(picture(), 'fig-twin', 'The same picture again.'),
        await shownOutput(
          graph({ nodes: [{ id: 'a', kind: 'tensor', label: 'a' }], edges: [] }),
          'fig-graph',
          'A graph.',
        ),
        await shownOutput(
          dataTable(
            ['name', 'accuracy'],
            [
              ['ReLU, $f$', 0.5],
              ['a|b', -1],
            ],
          ),
          'tab-runs',
          'All runs.',
        ),
        claimOutput('relu.accuracy', value, { kind: 'statistical', tolerance: 0.01 }),
        output({ 'text/markdown': 'Shown by **code**, 3 times.' }),
      ],
    },
  ];
}

/** The report on it. */
const body = `
## Results {#sec-results}

It ends at {{relu.accuracy|percent:1}}, see [@fig-bars; @tab-runs] and [@sec-results].

::figure{label=fig-bars}

::figure{label=fig-twin}

::table{label=tab-runs}

$$ #eq-relu
f(x) = \\max(x, 0)
$$

By [@eq-relu] and [@lst-twice].

::listing{file=src/twice.ts symbol=twice label=lst-twice}

::cell{notebook=q1 cell=result}

::cell{notebook=q1 cell=train}
`;

const source = '/** Twice. */\nexport const twice = (x: number) => 2 * x;\n';

/** A project of that notebook and that report. */
export async function smallProject(): Promise<Project> {
  return makeProject({
    'notebooks/q1.ipynb': notebookText(await cells()),
    'reports/report.md': head + body,
    'src/twice.ts': source,
  });
}
