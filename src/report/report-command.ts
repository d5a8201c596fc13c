import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { optimizeAfter } from '../notebook/child-entry.js';
import { GradbookError } from '../tensor/error.js';
import { buildReport, type BuildResult } from './build-report.js';
import { describeComparison } from './compare-claims.js';

/** What `gradbook report --help` prints. */
const reportUsage = `Usage: gradbook report [--accept]

Builds the report from reports/report.md and the outputs of the executed notebooks in notebooks/:
reports/report.html, reports/figures/ and reports/claims.json. Nothing is executed.

  --accept   replace the committed claims even when some lie outside their tolerance or are made no more,
             or when there are none yet
  --help     show this text`;

/** The command `gradbook report`: 0 when the report was built, 1 when it could not be, 2 for wrong arguments. */
export async function reportCommand(args: readonly string[]): Promise<number> {
  const options = parse(args);
  if (typeof options === 'number') return options;
  return buildAndPrint(options.accept);
}

/** Builds the report, prints what came of it, and returns the exit code. */
export async function buildAndPrint(accept: boolean): Promise<number> {
  optimizeAfter(2_000_000).forEach((flag) => setFlagsFromString(flag));
  try {
    return describe(await buildReport({ accept }), accept);
  } catch (error) {
    if (!(error instanceof GradbookError)) throw error;
    console.error(`The report was not built; what was there is untouched.\n${error.message}`);
    return 1;
  }
}

function parse(args: readonly string[]): { accept: boolean } | number {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { accept: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    });
    if (!values.help) return { accept: values.accept };
    console.log(reportUsage);
    return 0;
  } catch (error) {
    console.error(`${(error as Error).message}\n${reportUsage}`);
    return 2;
  }
}

function describe({ comparisons, failed, published, counts }: BuildResult, accept: boolean): number {
  console.log(describeComparison(comparisons));
  if (published === undefined) {
    console.error(
      `The report was not built: ${failed.length} claims are outside their tolerance or made no more, and the committed ones stay. ` +
        'If the change is meant, run "gradbook report --accept".',
    );
    return 1;
  }
  const size = (counts.htmlBytes / 1e6).toFixed(2);
  console.log(
    `report: ${counts.figures} figures, ${counts.tables} tables, ${counts.claims} claims, ${size} MB of HTML`,
  );
  for (const path of published.written) console.log(`  wrote reports/${path}`);
  for (const path of published.removed) console.log(`  removed reports/${path}`);
  if (published.written.length + published.removed.length === 0) console.log('  nothing changed in reports/');
  return failed.length > 0 && !accept ? 1 : 0;
}
