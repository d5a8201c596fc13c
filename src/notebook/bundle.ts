import { inspect } from 'node:util';

import type { Displayable, MimeBundle } from '../tensor/display.js';

/** What a value looks like: its own `display()`, Deno's and Jupyter's symbol, or its text. */
export async function bundleOf(value: unknown): Promise<MimeBundle> {
  if (isDisplayable(value)) return checkBundle(await value.display());
  const custom = hasSymbol(value) ? value[jupyterDisplay] : undefined;
  if (typeof custom === 'function') return checkBundle(await custom.call(value));
  return { 'text/plain': textOf(value) };
}

/** The text of a value, the same on every terminal. */
export function textOf(value: unknown): string {
  return inspect(value, {
    depth: 4,
    colors: false,
    breakLength: 80,
    maxArrayLength: 100,
    maxStringLength: 10_000,
  });
}

/** Returns the bundle when a notebook can hold it; throws a TypeError that names the entry otherwise. */
export function checkBundle(bundle: unknown): MimeBundle {
  if (typeof bundle !== 'object' || bundle === null || Array.isArray(bundle)) {
    throw new TypeError(
      `display() must return an object with one entry a MIME type, but returned ${textOf(bundle)}`,
    );
  }
  const entries = Object.entries(bundle);
  if (entries.length === 0) throw new TypeError('display() returned no entry: give at least text/plain');
  for (const [type, content] of entries) checkEntry(type, content);
  return bundle as MimeBundle;
}

const jupyterDisplay = Symbol.for('Jupyter.display');

function isDisplayable(value: unknown): value is Displayable {
  return (
    typeof value === 'object' && value !== null && 'display' in value && typeof value.display === 'function'
  );
}

function hasSymbol(value: unknown): value is Record<symbol, unknown> {
  return typeof value === 'object' && value !== null && jupyterDisplay in value;
}

function checkEntry(type: string, content: unknown): void {
  if (!/^[\w.+-]+\/[\w.+-]+$/.test(type))
    throw new TypeError(`display() returned the entry "${type}", which is no MIME type`);
  if (/^application\/(.*\+)?json$/.test(type)) {
    if (content === undefined) throw new TypeError(`display() returned no content for ${type}`);
    checkJson(type, content);
    return;
  }
  if (typeof content !== 'string') {
    throw new TypeError(`display() must return a string for ${type}, but returned ${textOf(content)}`);
  }
  if (/^(image|audio|video)\/(?!svg\+xml)|^application\/pdf$/.test(type) && !isBase64(content)) {
    throw new TypeError(
      `display() must return base64 for ${type}, but returned ${textOf(content.slice(0, 40))}`,
    );
  }
}

/** Throws a TypeError for what JSON cannot hold, such as a bigint or an object within itself. */
function checkJson(type: string, content: unknown): void {
  try {
    JSON.stringify(content);
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    throw new TypeError(`display() must return JSON for ${type}: ${reason}`);
  }
}

function isBase64(text: string): boolean {
  const plain = text.replaceAll('\n', '');
  return plain.length > 0 && plain.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(plain);
}
