import { existsSync } from 'node:fs';
import { trialCode } from './code-hash.js';
import { ValueError } from '../tensor/error.js';
import { aligned, command, parse, wholeNumber } from './command-line.js';
import { finalAccuracy } from './statistics.js';
import { defaultStore, Store, type StoredFile } from './store.js';
import { suggest } from '../tensor/suggest.js';
import { epochTable, trialTable } from './tables.js';
import { encodeTrial, type TrialRecord } from './trial-record.js';

const usage = `Usage: gradbook runs [names] [options]

Lists the trials that the store holds; a name may end in * for all that begin so.

  --seed N     only trials of this seed
  --old        also trials of other code than the present one, marked with the beginning of its hash
  --csv        as CSV, one row a trial
  --epochs     as CSV, one row a trial and epoch
  --jsonl      as JSON Lines, whole records
  --store DIR  where results are kept (default: .gradbook/runs, or GRADBOOK_STORE)

Exit codes: 0 done, 1 a name fits no trial or the store holds files that are no records (they are named), 2 the command
cannot be carried out.
`;

/** `gradbook runs`: lists, filters and exports what the store holds; returns the exit code. */
export function runsCommand(args: string[]): Promise<number> {
  return command('runs', () => {
    const { values, positionals } = parse(args, {
      seed: { type: 'string' },
      old: { type: 'boolean' },
      csv: { type: 'boolean' },
      epochs: { type: 'boolean' },
      jsonl: { type: 'boolean' },
      store: { type: 'string' },
    });
    if (values.help) {
      process.stdout.write(usage);
      return 0;
    }
    if ([values.csv, values.epochs, values.jsonl].filter(Boolean).length > 1) {
      throw new ValueError('--csv, --epochs and --jsonl exclude each other: each is a format of its own');
    }
    const directory = values.store ?? defaultStore();
    if (values.store !== undefined && !existsSync(directory)) {
      throw new ValueError(
        `there is no store ${directory}; gradbook train … --store ${directory} would begin one`,
      );
    }
    const files = new Store(directory).files();
    const code = trialCode();
    const seed = values.seed === undefined ? undefined : wholeNumber('--seed', values.seed, 0);
    const stored = files.flatMap(({ record }) => record ?? []);
    const records = stored
      .filter(
        ({ experiment }) =>
          positionals.length === 0 || positionals.some((name) => matches(experiment.name, name)),
      )
      .filter((record) => seed === undefined || record.seed === seed)
      .sort((a, b) => order(a.experiment.name, b.experiment.name) || a.seed - b.seed || order(a.id, b.id));
    const chosen = records.filter((record) => values.old || record.code === code);
    process.stdout.write(
      values.jsonl
        ? chosen.map((record) => encodeTrial(record, record.code, record.run)).join('')
        : values.csv || values.epochs
          ? csv(chosen, code, values.epochs ?? false)
          : listing(chosen, code),
    );
    if (records.length > chosen.length) {
      process.stderr.write(
        `${records.length - chosen.length} more are of other code than the present; --old shows them\n`,
      );
    }
    const unknown = reportUnknown(positionals, new Set(stored.map(({ experiment }) => experiment.name)));
    return Math.max(unknown, reportProblems(files));
  });
}

/** Says which names fit nothing that the store holds, and what comes near. */
function reportUnknown(wanted: readonly string[], names: ReadonlySet<string>): number {
  const unknown = wanted.filter((name) => ![...names].some((stored) => matches(stored, name)));
  for (const name of unknown) {
    process.stderr.write(
      `gradbook runs: the store has no trial of ${JSON.stringify(name)}.${suggest(name, names)}\n`,
    );
  }
  return unknown.length > 0 ? 1 : 0;
}

function listing(records: readonly TrialRecord[], code: string): string {
  if (records.length === 0) return '';
  const rows = records.map((record) => {
    const { seed, run } = record;
    const last = run.history.at(-1)!;
    const end =
      run.stopped === undefined
        ? ''
        : `left the numbers at epoch ${run.stopped.epoch}, step ${run.stopped.step}`;
    const accuracy = finalAccuracy(run)?.toFixed(4) ?? '–';
    return [
      nameOf(record, code),
      String(seed),
      String(last.epoch),
      accuracy,
      run.fingerprint.slice(0, 12),
      end,
    ];
  });
  return aligned([['experiment', 'seed', 'epochs', 'final accuracy', 'weights', ''], ...rows]);
}

function csv(records: readonly TrialRecord[], code: string, epochs: boolean): string {
  if (records.length === 0) return '';
  const results = records.map((record) => ({
    name: nameOf(record, code),
    trials: [record],
  }));
  return (epochs ? epochTable(results) : trialTable(results)).toCSV();
}

/** Files that are no records belong to nobody: they are named, and never touched. */
function reportProblems(files: readonly StoredFile[]): number {
  const problems = files.flatMap(({ name, problem }) =>
    problem === undefined ? [] : [`  ${name}: ${problem}\n`],
  );
  if (problems.length === 0) return 0;
  process.stderr.write(`gradbook runs: not readable as a trial:\n${problems.join('')}`);
  return 1;
}

function nameOf({ experiment, code }: TrialRecord, present: string): string {
  return code === present ? experiment.name : `${experiment.name}@${code.slice(0, 8)}`;
}

function matches(name: string, wanted: string): boolean {
  return wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : name === wanted;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
