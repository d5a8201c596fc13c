import { parseArgs } from 'node:util';
import { runCommand } from '../notebook/run-command.js';
import { buildAndPrint } from './report-command.js';

/** What `gradbook start --help` prints. */
const startUsage = `Usage: gradbook start [--jobs N] [--accept]

Executes every notebook in notebooks/, draws every figure, and builds the report. The claims of this run are compared with
the committed ones before these are replaced; what changed is printed.

  --jobs N   notebooks at a time (default: one a core)
  --accept   replace the committed claims even when some lie outside their tolerance or are made no more,
             or when there are none yet
  --help     show this text`;

/** The command `gradbook start`: 0 when all went well, 1 when a cell failed or a claim left its tolerance, 2 for wrong arguments. */
export async function startCommand(args: readonly string[]): Promise<number> {
  const options = parse(args);
  if (typeof options === 'number') return options;
  const jobs = options.jobs === undefined ? [] : ['--jobs', options.jobs];
  const code = await runCommand(['notebooks', ...jobs]);
  if (code !== 0) {
    console.error(
      'The report was not built, because not every notebook ran to its end; what was there is untouched.',
    );
    return code;
  }
  return buildAndPrint(options.accept);
}

function parse(args: readonly string[]): { accept: boolean; jobs: string | undefined } | number {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        accept: { type: 'boolean', default: false },
        jobs: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (!values.help) return { accept: values.accept, jobs: values.jobs };
    console.log(startUsage);
    return 0;
  } catch (error) {
    console.error(`${(error as Error).message}\n${startUsage}`);
    return 2;
  }
}
