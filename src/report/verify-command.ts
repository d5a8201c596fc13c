import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runProgress } from '../notebook/progress.js';
import { cloneProject } from './project-copy.js';
import { type Item, type Status, unfinished, type Verification } from './verification.js';
import { verify } from './verify.js';
import { makeFolder } from '../data/make-folder.js';

/** What `gradbook verify --help` prints. */
const verifyUsage = `Usage: gradbook verify [--quick] [--clean] [--jobs N] [--json]

Executes every notebook again in a temporary copy of the project, compiled from its sources and with an empty store of
runs, and compares claims, figures, tables and outputs with those that stand here. Writes reports/verify.json.

  --quick    leave out notebooks with a cell tagged "slow", but train the runs again that their figures carry; what was
             left out is listed
  --clean    do all of it in a fresh clone of the last commit with freshly installed packages
  --jobs N   notebooks at a time (default: one a core)
  --json     print the result as JSON
  --help     show this text

Exit codes: 0 all is as it was committed, 1 something is not, 2 the command cannot be carried out.`;

/** The command `gradbook verify`. */
export async function verifyCommand(args: readonly string[]): Promise<number> {
  const flags = parse(args);
  if (typeof flags === 'number') return flags;
  if (flags.clean) return verifyClone(args.filter((argument) => argument !== '--clean'));
  const progress = runProgress(process.stderr, false);
  const events = { planned: progress.planned, cell: progress.cell, finished: () => undefined };
  const onStage = (text: string) => process.stderr.write(`verify: ${text}\n`);
  const verification = await verify({
    quick: flags.quick,
    events,
    onStage,
    ...(flags.jobs && { jobs: flags.jobs }),
  }).finally(() => progress.end());
  const text = `${JSON.stringify({ format: 1, ...verification }, undefined, 1)}\n`;
  makeFolder('reports');
  writeFileSync(resultPath, text);
  process.stdout.write(flags.json ? text : `${describeVerification(verification)}\n`);
  return verification.failed.length === 0 ? 0 : 1;
}

/** A table of what was compared, then everything that is not as it was, then what was left out. */
export function describeVerification({ items, failed, quick, engine }: Verification): string {
  const kinds = [...new Set(items.map(({ kind }) => kind))];
  const shown = statuses.filter((status) => items.some((item) => item.status === status));
  const rows = [
    ['', ...shown],
    ...kinds.map((kind) => [
      `${kind}s`,
      ...shown.map((status) =>
        String(items.filter((item) => item.kind === kind && item.status === status).length),
      ),
    ]),
  ];
  const near = items.filter(({ status }) => status === 'within tolerance');
  const skipped = items.filter(({ status }) => status === 'skipped');
  const count = (number: number) => (number === 1 ? '1 thing is' : `${number} things are`);
  const end =
    failed.length === 0
      ? `verified${quick ? ', as far as a quick verification goes' : ''}, on Node ${engine.node}, ${engine.platform} ${engine.architecture}`
      : `not verified: ${count(failed.length)} not as committed (Node ${engine.node}, ${engine.platform} ${engine.architecture})`;
  return [
    table(rows),
    ...near.map(describeItem),
    ...(skipped.length === 0 ? [] : [`skipped: ${list(skipped)}`]),
    ...describeFailed(failed),
    end,
  ].join('\n');
}

const resultPath = join('reports', 'verify.json');

const statuses: readonly Status[] = [
  'identical',
  'within tolerance',
  'recorded',
  'skipped',
  'within ulp',
  'outside',
  'missing',
  'new',
];

function verifyClone(args: readonly string[]): number {
  process.stderr.write('verify: cloning the last commit and installing its packages\n');
  const clone = cloneProject('.');
  try {
    const { status } = spawnSync(process.execPath, [join(clone.root, 'dist/cli.js'), 'verify', ...args], {
      cwd: clone.root,
      stdio: 'inherit',
    });
    const written = join(clone.root, resultPath);
    if (existsSync(written)) copyFileSync(written, resultPath);
    return status ?? 1;
  } finally {
    clone.remove();
  }
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, j) => Math.max(...rows.map((row) => row[j]!.length)));
  const line = (row: readonly string[]) =>
    row.map((cell, j) => (j === 0 ? cell.padEnd(widths[j]!) : cell.padStart(widths[j]!))).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}

/** What failed, notebook by notebook, each with why once; what only lacks because its notebook failed is counted. */
function describeFailed(failed: readonly Item[]): string[] {
  const notebooks = [...new Set(failed.map(({ notebook }) => notebook))];
  return notebooks.flatMap((notebook) => {
    const items = failed.filter((item) => item.notebook === notebook);
    const shown = items.filter(({ status, detail }) => status !== 'missing' || !detail?.endsWith(unfinished));
    const lost = items.length - shown.length;
    const why = items.find((item) => item.why !== undefined)?.why;
    return [
      ...shown.map(describeItem),
      ...(lost === 0 ? [] : [`missing: ${lost} claims, figures and tables that it did not come to make`]),
      ...(why === undefined ? [] : [`    ${why}`]),
    ];
  });
}

function describeItem({ kind, name, status, notebook, cell, detail }: Item): string {
  const place =
    notebook === undefined || notebook === name
      ? ''
      : ` [${notebook}${cell === undefined ? '' : `, cell ${cell}`}]`;
  return `${status}: ${kind} ${name}${detail === undefined ? '' : `: ${detail}`}${place}`;
}

function list(items: readonly Item[]): string {
  const kinds = [...new Set(items.map(({ kind }) => kind))];
  const named = kinds.map((kind) => {
    const names = items.filter((item) => item.kind === kind).map(({ name }) => name);
    return `\n  ${names.length} ${kind}${names.length === 1 ? '' : 's'}: ${names.join(', ')}`;
  });
  return named.join('');
}

function parse(
  args: readonly string[],
): { quick: boolean; clean: boolean; json: boolean; jobs?: number } | number {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        clean: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        jobs: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(verifyUsage);
      return 0;
    }
    const { jobs, quick, clean, json } = values;
    const rest = { quick, clean, json };
    if (jobs === undefined) return rest;
    if (/^[1-9]\d*$/.test(jobs)) return { ...rest, jobs: Number(jobs) };
    throw new Error(`--jobs must be a whole number from 1 up, but is ${JSON.stringify(jobs)}.`);
  } catch (error) {
    console.error(`${(error as Error).message}\n${verifyUsage}`);
    return 2;
  }
}
