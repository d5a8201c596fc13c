import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';

import type { LocatedFailure } from './execute-notebook.js';
import { UsageError } from './notebook-file.js';
import { takeParameters } from './parameter-flags.js';
import { runProgress } from './progress.js';
import { runNotebooks, type NotebookResult, type RunOptions, type RunResult } from './runner.js';

const runUsage = `Usage: gradbook run [options] [notebooks or folders]      (default: notebooks)

Executes TypeScript notebooks and writes their outputs back. A notebook in which a cell fails stays untouched.

  --timeout SECONDS        the longest that a cell may take (default 600)
  --total-timeout SECONDS  the longest that all may take together
  --memory MB              the JavaScript heap of each notebook (default 4096)
  --jobs N                 notebooks at a time (default: one a core)
  -p, --parameters N V     give the parameter N the value V; its type in the notebook decides what V stands for
  -f, --file FILE          give the parameters of a JSON or YAML file
  --full                   give the parameter full the value true: all of the data, in the notebook that has it, q10
  --output PATH            write there instead of in place: a file, or a folder for several notebooks
  --inplace                write in place (the default, for those used to nbconvert)
  --blas                   hand large matrix products to the system's OpenBLAS; not the same bits everywhere; needs --output
  --allow-errors           keep errors as outputs and go on
  --keep-going             run the cells after a failing one too; the notebook still fails
  --json                   print the results as JSON
  --verbose                report every cell

Exit codes: 0 all cells succeeded, 1 a cell failed, 2 the command cannot be carried out.
`;

/** `gradbook run`: executes notebooks, prints what came of them and returns the exit code. */
export async function runCommand(args: string[]): Promise<number> {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    const command = await parse(args);
    if (!command) {
      process.stdout.write(runUsage);
      return 0;
    }
    const progress = runProgress(process.stderr, command.verbose);
    const run = runNotebooks(command.paths, { ...command.options, events: progress, signal: stop.signal });
    const result = await run.finally(() => progress.end());
    if (command.json) process.stdout.write(JSON.stringify(result, null, 1) + '\n');
    process.stderr.write(summary(result, stop.signal.aborted));
    return result.exitCode;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`gradbook run: ${error.message}\n`);
    return 2;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

interface Command {
  readonly paths: readonly string[];
  readonly options: RunOptions;
  readonly json: boolean;
  readonly verbose: boolean;
}

const flags = {
  timeout: { type: 'string' },
  'total-timeout': { type: 'string' },
  memory: { type: 'string' },
  jobs: { type: 'string' },
  output: { type: 'string' },
  inplace: { type: 'boolean' },
  blas: { type: 'boolean' },
  'allow-errors': { type: 'boolean' },
  'keep-going': { type: 'boolean' },
  json: { type: 'boolean' },
  verbose: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

async function parse(args: string[]): Promise<Command | undefined> {
  const { parameters, rest } = await takeParameters(args);
  const { values, positionals } = parseFlags(rest);
  if (values.help) return undefined;
  const cellTime = positive('--timeout', values.timeout);
  const totalTime = positive('--total-timeout', values['total-timeout']);
  const memory = positive('--memory', values.memory);
  const jobs = positive('--jobs', values.jobs);
  if (values.inplace && values.output !== undefined)
    throw new UsageError('--inplace and --output exclude each other.');
  return {
    paths: positionals.length > 0 ? positionals : [defaultFolder()],
    options: {
      limits: {
        ...(cellTime && { cellTime: cellTime * 1000 }),
        ...(memory && { memory: Math.ceil(memory) }),
      },
      ...(totalTime && { totalTime: totalTime * 1000 }),
      ...(jobs && { jobs: Math.ceil(jobs) }),
      ...(values.output !== undefined && { output: values.output }),
      parameters,
      blas: values.blas ?? false,
      allowErrors: values['allow-errors'] ?? false,
      keepGoing: values['keep-going'] ?? false,
    },
    json: values.json ?? false,
    verbose: values.verbose ?? false,
  };
}

function parseFlags(args: string[]) {
  try {
    return parseArgs({ args, options: flags, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${runUsage}`);
  }
}

function positive(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new UsageError(`${flag} must be a positive number, but is ${JSON.stringify(text)}.`);
}

/** The folder that a command takes when none is named. */
export function defaultFolder(): string {
  if (existsSync('notebooks')) return 'notebooks';
  throw new UsageError('0 notebooks found: there is no folder "notebooks" here. Name notebooks or folders.');
}

function summary({ notebooks }: RunResult, interrupted: boolean): string {
  const failed = notebooks.filter(({ status }) => status === 'failed');
  const stopped = notebooks.filter(({ status }) => status === 'stopped');
  const passed = notebooks.length - failed.length - stopped.length;
  const counts = [
    `${passed} of ${notebooks.length} notebooks passed`,
    failed.length > 0 ? `${failed.length} failed` : '',
  ];
  const lines = failed.map(failureText);
  if (stopped.length > 0) {
    const why = interrupted ? 'Interrupted' : 'The total time is over';
    lines.push(`${why}. To go on: gradbook run ${stopped.map(({ path }) => path).join(' ')}\n`);
  }
  return `${lines.join('')}${counts.filter(Boolean).join(', ')}\n`;
}

function failureText({ path, failures, problem, written }: NotebookResult): string {
  const lines = failures.map(
    (failure) => `\n${path}, ${placeText(failure)}:\n${failure.traceback.join('\n')}\n`,
  );
  if (problem) lines.push(`\n${path}: ${problem}\n`);
  if (written !== undefined) lines.push(`The outputs up to the failure: ${written}\n`);
  return lines.join('') + '\n';
}

function placeText({ cell, id, place }: LocatedFailure): string {
  return `code cell ${cell} (id ${id})${place ? `, line ${place.line}, column ${place.column}` : ''}`;
}
