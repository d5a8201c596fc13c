import { GradbookError } from '../tensor/error.js';
import type { EpochRecord, Run } from '../training/run.js';
import { canonicalJson, hashOf } from './canonical-json.js';
import type { Recipe } from './experiment.js';
import type { Trial } from './trial.js';

const FORMAT = 'gradbook trial';
const VERSION = 1;

/** A trial and what came of it; no time, host or path, so that the same trial gives the same bytes everywhere. */
export interface TrialRecord extends Trial {
  readonly id: string;
  /** Hash of the files that the trial executed. */
  readonly code: string;
  readonly run: Run;
}

/** Bytes that are no record of this version: `newer` ones are left alone, `damaged` ones can be made again. */
export class UnreadableRecord extends GradbookError {
  override readonly name = 'UnreadableRecord';

  constructor(
    readonly kind: 'damaged' | 'newer',
    message: string,
  ) {
    super(message);
  }
}

/**
 * The name of a trial's result: SHA-256 of experiment, seed and code.
 *
 * How often an experiment is tried is no part of it, since no trial depends on the others.
 */
export function trialId({ experiment, seed }: Trial, code: string): string {
  return hashOf({ experiment: recipeOf(experiment), seed, code });
}

/** The text of a record: one line of canonical JSON, with a checksum over the rest. */
export function encodeTrial({ experiment, seed }: Trial, code: string, run: Run): string {
  const content = {
    format: FORMAT,
    version: VERSION,
    id: trialId({ experiment, seed }, code),
    code,
    experiment: recipeOf(experiment),
    seed,
    run: { ...run, history: run.history.map((record) => mapNumbers(record, toJson)) },
  };
  return `${canonicalJson({ ...content, checksum: hashOf(content) })}\n`;
}

/**
 * The record in a text.
 * @throws UnreadableRecord when the text is torn, altered, of something else, or of a newer version.
 */
export function decodeTrial(text: string, id: string): TrialRecord {
  const { checksum, ...content } = parse(text);
  if (content.format !== FORMAT) throw damaged('it is no record of a trial');
  if (typeof content.version === 'number' && content.version > VERSION) {
    throw new UnreadableRecord(
      'newer',
      `it was written by a newer gradbook (format ${content.version}, this one reads ${VERSION}); ` +
        'update gradbook, or use another folder with --store',
    );
  }
  if (checksum !== hashOf(content)) throw damaged('its checksum does not fit its contents');
  const record = content as unknown as TrialRecord;
  if (record.id !== id) throw damaged(`it holds the trial ${record.id}`);
  return {
    id,
    code: record.code,
    experiment: record.experiment,
    seed: record.seed,
    run: { ...record.run, history: record.run.history.map(readEpoch) },
  };
}

/** Without the number of seeds, which whole experiments have. */
function recipeOf(experiment: Recipe): Recipe {
  return Object.fromEntries(
    Object.entries(experiment).filter(([key]) => key !== 'seeds'),
  ) as unknown as Recipe;
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // said below
  }
  throw damaged(text.length === 0 ? 'it is empty' : 'it is no complete JSON');
}

function damaged(why: string): UnreadableRecord {
  return new UnreadableRecord('damaged', why);
}

/** JSON leaves out what is undefined, which the first epoch has, and has no infinite numbers. */
function readEpoch(record: EpochRecord): EpochRecord {
  const { trainingLoss, rate, ...rest } = mapNumbers(record, fromJson) as EpochRecord;
  return { trainingLoss, rate, ...rest };
}

function mapNumbers(value: unknown, change: (entry: unknown) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return change(value);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, mapNumbers(entry, change)]));
}

function toJson(entry: unknown): unknown {
  return typeof entry === 'number' && !Number.isFinite(entry) ? String(entry) : entry;
}

function fromJson(entry: unknown): unknown {
  return entry === 'NaN' || entry === 'Infinity' || entry === '-Infinity' ? Number(entry) : entry;
}
