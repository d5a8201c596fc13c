import { NumberToken, type Json, type JsonObject } from './json.js';
import { hasTag, type CodeCell, type Output } from './nbformat.js';

/** What must not stand in the outputs of a committed notebook, or is missing there; one sentence each. */
export function outputRemarks(cell: CodeCell): string[] {
  const remarks = new Set<string>();
  const add = (remark: string | undefined) => remark !== undefined && remarks.add(remark);
  for (const output of cell.outputs) {
    for (const text of textsOf(output)) volatileParts(text).forEach(add);
    if (output.output_type === 'error' && !hasTag(cell, 'raises-exception')) {
      add(`it holds the error ${output.ename}: ${firstLine(output.evalue)}`);
    }
    if (output.output_type === 'display_data' || output.output_type === 'execute_result') {
      figureRemarks(output.data, output.metadata).forEach(add);
    }
  }
  if (cell.metadata.execution !== undefined) add('its metadata hold the times of its execution');
  return Array.from(remarks);
}

/** The label by which the report embeds an output, if it has one. */
export function labelOf(output: Output): string | undefined {
  if (output.output_type !== 'display_data' && output.output_type !== 'execute_result') return undefined;
  const { label } = (output.metadata.gradbook ?? {}) as JsonObject;
  return typeof label === 'string' ? label : undefined;
}

const day = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const month = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const volatile: readonly [string, RegExp][] = [
  ['a time', /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?/],
  [
    'a time',
    new RegExp(`\\b${day},? (?:${month} \\d\\d?|\\d\\d? ${month}) \\d{4}(?: \\d\\d:\\d\\d:\\d\\d)?`),
  ],
  ['a time', /\b\d\d?[/.]\d\d?[/.]\d{4},? \d\d?:\d\d(?::\d\d)?/],
  [
    'an absolute path',
    /(?<![\w.:/])(?:file:\/\/)?\/(?:home|root|Users|tmp|private|var|mnt|opt|work|workspaces?|srv|data)\/[\w.-]+|\b[A-Z]:\\[\w.-]+/,
  ],
  ['a duration', /^[\w ./-]+: \d+(?:\.\d+)?m?s$/m],
  ['the insides of Node', /\[Symbol\((?:asyncId|triggerId|async_id_symbol|kResourceStore)\)\]/],
];

function volatileParts(text: string): string[] {
  return volatile.flatMap(([what, pattern]) => {
    const found = pattern.exec(text)?.[0];
    return found === undefined
      ? []
      : [`its output holds ${what} (${found}), which differs with each run or machine`];
  });
}

function figureRemarks(data: JsonObject, metadata: JsonObject): string[] {
  const isFigure = Object.keys(data).some((type) => type.startsWith('image/') || type.includes('vega'));
  if (!isFigure) return [];
  const { label, alt } = (metadata.gradbook ?? {}) as JsonObject;
  const remarks: string[] = [];
  const text = typeof data['text/plain'] === 'string' ? data['text/plain'].trim() : '';
  if (label === undefined)
    remarks.push("its figure has no label: await show(figure, { label: 'fig-…', caption: '…' })");
  if (text === '' || alt === '') remarks.push('its figure has no alternative text: give the figure an "alt"');
  return remarks;
}

/** Whatever of an output can be read; the bytes of pictures are none of it. */
function textsOf(output: Output): string[] {
  if (output.output_type === 'stream') return [output.text];
  if (output.output_type === 'error') return [output.evalue, ...output.traceback];
  return Object.entries(output.data).flatMap(([type, value]) => {
    if (typeof value !== 'string') return stringsIn(value);
    return type.startsWith('text/') || type === 'image/svg+xml' ? [value] : [];
  });
}

function stringsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || value instanceof NumberToken) return [];
  return Object.values(value).flatMap(stringsIn);
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!;
}
