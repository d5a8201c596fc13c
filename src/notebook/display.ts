import { createRequire } from 'node:module';

import type { MimeBundle } from '../tensor/display.js';
import { bundleOf } from './bundle.js';
import { requireOptions } from '../tensor/options.js';

export type { Displayable, MimeBundle } from '../tensor/display.js';

export interface ShowOptions {
  /** The name by which the report embeds what is shown, such as `fig-loss`. */
  readonly label?: string;
  readonly caption?: string;
}

/**
 * Shows a value below its cell: anything that has `display()`, or else its text. Await it.
 * With a label, the report can embed what is shown. Throws when the label is no label or `display()` gives no MIME bundle.
 */
export async function show(value: unknown, options: ShowOptions = {}): Promise<void> {
  requireOptions('show', options, { label: true, caption: true });
  const { label, caption = '' } = options;
  if (label !== undefined && !/^[a-z][a-z0-9-]*$/.test(label)) {
    throw new TypeError(
      `show: the label ${JSON.stringify(label)} must begin with a small letter and hold only a-z, 0-9 and "-"`,
    );
  }
  const metadata =
    label === undefined ? {} : { gradbook: { label, caption, alt: altOf(value), kind: kindOf(value) } };
  emitDisplay(await bundleOf(value), metadata);
}

/** Puts one bundle out: through our session, through plain tslab's kernel, or else its text to the console. */
export function emitDisplay(data: MimeBundle, metadata: Readonly<Record<string, unknown>> = {}): void {
  const session = ourSession();
  const tslab = session ? undefined : plainTslab();
  if (session) session.display(data, metadata);
  else if (tslab) tslab({ data, metadata, transient: {} }, false);
  else console.log(data['text/plain'] ?? `(${Object.keys(data).join(', ')})`);
}

/** Takes away what the cell has put out so far; with `wait`, only when its next output is there, so that nothing flickers. */
export function clearOutput(options: { readonly wait?: boolean } = {}): void {
  ourSession()?.clear(options.wait ?? false);
}

/**
 * Tells how far a cell is by a line that replaces the one before; an empty text takes it away. It is no output: a notebook
 * that is executed and saved by us holds none of it. Outside notebooks nothing is told.
 */
export function emitProgress(text: string): void {
  const session = ourSession();
  const tslab = session ? undefined : plainTslab();
  session?.progress(text);
  tslab?.({ data: { 'text/plain': text }, metadata: {}, transient: { display_id: progressId } }, lineShown);
  lineShown = text !== '';
}

const progressId = 'gradbook-progress';
/** A kernel of tslab's own shows a line anew in each cell, and replaces it there. */
let lineShown = false;

interface SessionDisplay {
  display(data: MimeBundle, metadata: Readonly<Record<string, unknown>>): void;
  clear(wait: boolean): void;
  progress(text: string): void;
}

function ourSession(): SessionDisplay | undefined {
  return (globalThis as Record<symbol, unknown>)[Symbol.for('gradbook.session')] as
    SessionDisplay | undefined;
}

type WriteDisplayData = (
  content: { data: MimeBundle; metadata: object; transient: object },
  update: boolean,
) => void;

/** tslab's own kernel has a function for whole bundles, but no public name for it. */
function plainTslab(): WriteDisplayData | undefined {
  const { cache } = createRequire(import.meta.url);
  const path = Object.keys(cache).find((name) => /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(name));
  const exports =
    path === undefined
      ? undefined
      : (cache[path]?.exports as { lastWriteDisplayData?: WriteDisplayData | null });
  return exports?.lastWriteDisplayData ?? undefined;
}

function altOf(value: unknown): string {
  return hasText(value, 'alt') ? value.alt : '';
}

/** What is shown under a label, as the value says itself: a figure unless it is a table or a derivation. */
function kindOf(value: unknown): 'figure' | 'table' | 'derivation' {
  const kind = hasText(value, 'kind') ? value.kind : undefined;
  return kind === 'table' || kind === 'derivation' ? kind : 'figure';
}

function hasText<Key extends string>(value: unknown, key: Key): value is Record<Key, string> {
  return (
    typeof value === 'object' && value !== null && typeof (value as Record<string, unknown>)[key] === 'string'
  );
}
