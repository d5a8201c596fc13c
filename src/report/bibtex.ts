import type { Problems } from './problem.js';

/** An entry of a BibTeX file. */
export interface BibEntry {
  readonly key: string;
  readonly type: string;
  readonly line: number;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Reads a BibTeX file: entries with values in braces, in quotes or bare; accents as the characters themselves. Problems are
 * added with their line: what is no entry, a key used twice, a TeX command, a missing author, title or year.
 */
export function readBibtex(text: string, file: string, problems: Problems): Map<string, BibEntry> {
  const entries = new Map<string, BibEntry>();
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
  let at = text.indexOf('@');
  while (at >= 0) {
    const line = lineAt(at);
    const complain = (message: string) => problems.add({ file, line }, message);
    const head = /@(\w+)\s*\{\s*([^\s,{}]+)\s*,/y;
    head.lastIndex = at;
    const match = head.exec(text);
    const end = match === null ? -1 : closingBrace(text, text.indexOf('{', at));
    if (match === null || end < 0) {
      complain('here no entry can be read: write @article{key, author = {…}, title = {…}, year = {…}}.');
      at = text.indexOf('\n@', at + 1) + 1 || -1;
      continue;
    }
    const [whole, type, key] = match as unknown as [string, string, string];
    const fields = readFields(text.slice(at + whole.length, end), complain);
    if (entries.has(key)) complain(`the key "${key}" is used twice.`);
    entries.set(key, { key, type: type.toLowerCase(), line, fields });
    checkFields(key, fields, complain);
    at = text.indexOf('@', end);
  }
  return entries;
}

function closingBrace(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    if (text[i] === '{') depth++;
    if (text[i] === '}' && --depth === 0) return i;
  }
  return -1;
}

function readFields(body: string, complain: (message: string) => void): Record<string, string> {
  const fields: Record<string, string> = {};
  const name = /\s*,?\s*([A-Za-z]+)\s*=\s*/y;
  let at = 0;
  for (;;) {
    name.lastIndex = at;
    const match = name.exec(body);
    if (match === null) break;
    const start = name.lastIndex;
    const end = valueEnd(body, start);
    const value = body.slice(start, end).replace(/^["{]|["}]$/g, '');
    fields[match[1]!.toLowerCase()] = value.replace(/[{}]/g, '').replace(/\s+/g, ' ').trim();
    at = end;
  }
  const left = body.slice(at).replace(/[\s,]/g, '');
  if (left !== '') complain(`after the fields there is "${left.slice(0, 20)}", which is no field.`);
  return fields;
}

function valueEnd(body: string, start: number): number {
  if (body[start] === '{') return closingBrace(body, start) + 1 || body.length;
  if (body[start] === '"') return body.indexOf('"', start + 1) + 1 || body.length;
  const comma = body.indexOf(',', start);
  return comma < 0 ? body.length : comma;
}

function checkFields(
  key: string,
  fields: Readonly<Record<string, string>>,
  complain: (message: string) => void,
): void {
  const missing = ['author', 'title', 'year'].filter((name) => (fields[name] ?? '') === '');
  for (const name of missing) complain(`the entry "${key}" has no ${name}.`);
  const command = Object.values(fields).join(' ').match(/\\\S+/)?.[0];
  if (command !== undefined)
    complain(`the entry "${key}" contains the TeX command ${command}: write the character itself.`);
}
