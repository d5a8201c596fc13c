import { NumberToken, type Json, type JsonObject } from './json.js';

/**
 * What breaks the official JSON schema of nbformat 4.5, one sentence a problem with the cell and the JSON pointer.
 * A missing cell id is no problem here: the reader adds it.
 */
export function notebookProblems(notebook: Json): string[] {
  if (!isObject(notebook)) return [`the file holds ${describe(notebook)}, not a notebook object`];
  const version = notebook.nbformat;
  if (version === undefined) return ['"nbformat" is missing: this JSON file is no notebook'];
  if (version !== 4) {
    const worksheets = notebook.worksheets
      ? ' Convert it: jupyter nbconvert --to notebook --nbformat 4 FILE'
      : '';
    return [`"nbformat" is ${describe(version)}, only version 4 can be read.${worksheets}`];
  }
  const problems: string[] = [];
  notebookRule(notebook, '', (pointer, message) => problems.push(placed(notebook, pointer, message)));
  problems.push(...repeatedIds(notebook));
  return problems;
}

type Report = (pointer: string, message: string) => void;
type Rule = (value: Json, pointer: string, report: Report) => void;

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberToken);

function expect(what: string, holds: (value: Json) => boolean): Rule {
  return (value, pointer, report) => {
    if (!holds(value)) report(pointer, `must be ${what}, but is ${describe(value)}`);
  };
}

const anything: Rule = () => undefined;
const string = expect('a string', (value) => typeof value === 'string');
const boolean = expect('true or false', (value) => typeof value === 'boolean');
const object = expect('an object', isObject);
const strings = (value: Json) => Array.isArray(value) && value.every((line) => typeof line === 'string');
const text = expect('a string or a list of strings', (value) => typeof value === 'string' || strings(value));
const count = expect('null or a whole number from 0 on', (value) => value === null || isCount(value));
const isCount = (value: Json) => typeof value === 'number' && Number.isInteger(value) && value >= 0;

interface Shape {
  required: Readonly<Record<string, Rule>>;
  optional?: Readonly<Record<string, Rule>>;
  others?: 'allowed';
}

function shape({ required, optional = {}, others }: Shape): Rule {
  const rules = new Map([...Object.entries(optional), ...Object.entries(required)]);
  return (value, pointer, report) => {
    if (!isObject(value)) {
      object(value, pointer, report);
      return;
    }
    for (const key of Object.keys(required)) {
      if (!Object.hasOwn(value, key)) report(pointer, `lacks "${key}"`);
    }
    for (const [key, item] of Object.entries(value)) {
      const rule = rules.get(key);
      if (rule) rule(item, child(pointer, key), report);
      else if (others !== 'allowed') report(pointer, `has the key "${key}", which nbformat 4 does not know`);
    }
  };
}

function listOf(rule: Rule): Rule {
  return (value, pointer, report) => {
    if (!Array.isArray(value)) report(pointer, `must be a list, but is ${describe(value)}`);
    else value.forEach((item, index) => rule(item, child(pointer, String(index)), report));
  };
}

function oneOf(key: string, shapes: Readonly<Record<string, Rule>>): Rule {
  return (value, pointer, report) => {
    if (!isObject(value)) {
      object(value, pointer, report);
      return;
    }
    const kind = value[key];
    const rule = typeof kind === 'string' && Object.hasOwn(shapes, kind) ? shapes[kind]! : undefined;
    if (rule) rule(value, pointer, report);
    else {
      const known = Object.keys(shapes).join(', ');
      report(
        pointer,
        kind === undefined ? `lacks "${key}"` : `has the ${key} ${describe(kind)}; known are ${known}`,
      );
    }
  };
}

const bundle: Rule = (value, pointer, report) => {
  object(value, pointer, report);
  if (!isObject(value)) return;
  for (const [type, item] of Object.entries(value)) {
    if (!/^application\/(.*\+)?json$/.test(type)) text(item, child(pointer, type), report);
  }
};
const attachments: Rule = (value, pointer, report) => {
  object(value, pointer, report);
  if (!isObject(value)) return;
  for (const [name, item] of Object.entries(value)) bundle(item, child(pointer, name), report);
};

const outputRule = oneOf('output_type', {
  execute_result: shape({
    required: { output_type: string, data: bundle, metadata: object, execution_count: count },
  }),
  display_data: shape({ required: { output_type: string, data: bundle, metadata: object } }),
  stream: shape({ required: { output_type: string, name: string, text } }),
  error: shape({
    required: {
      output_type: string,
      ename: string,
      evalue: string,
      traceback: expect('a list of strings', strings),
    },
  }),
});

const textOfEachKey: Rule = (value, pointer, report) => {
  object(value, pointer, report);
  if (!isObject(value)) return;
  for (const [key, item] of Object.entries(value)) string(item, child(pointer, key), report);
};
const tags: Rule = (value, pointer, report) => {
  const named = (tag: Json) => typeof tag === 'string' && tag !== '' && !tag.includes(',');
  const good = Array.isArray(value) && value.every(named) && new Set(value).size === value.length;
  if (!good) report(pointer, 'must be a list of different, non-empty tags without commas');
};
const cellMetadata = (more: Readonly<Record<string, Rule>> = {}) =>
  shape({
    required: {},
    optional: {
      name: expect('a non-empty string', (v) => typeof v === 'string' && v !== ''),
      tags,
      jupyter: object,
      ...more,
    },
    others: 'allowed',
  });
const cellId = expect(
  '1 to 64 letters, digits, "-" or "_"',
  (v) => typeof v === 'string' && /^[\w-]{1,64}$/.test(v),
);

const cellRule = oneOf('cell_type', {
  code: shape({
    required: {
      cell_type: string,
      metadata: cellMetadata({
        collapsed: boolean,
        scrolled: expect('true, false or "auto"', (v) => typeof v === 'boolean' || v === 'auto'),
        execution: textOfEachKey,
      }),
      source: text,
      outputs: listOf(outputRule),
      execution_count: count,
    },
    optional: { id: cellId },
  }),
  markdown: shape({
    required: { cell_type: string, metadata: cellMetadata(), source: text },
    optional: { id: cellId, attachments },
  }),
  raw: shape({
    required: { cell_type: string, metadata: cellMetadata({ format: string }), source: text },
    optional: { id: cellId, attachments },
  }),
});

const notebookRule = shape({
  required: {
    nbformat: anything,
    nbformat_minor: expect('a whole number from 0 on', isCount),
    metadata: shape({
      required: {},
      optional: {
        kernelspec: shape({ required: { name: string, display_name: string }, others: 'allowed' }),
        language_info: shape({
          required: { name: string },
          optional: {
            codemirror_mode: expect(
              'a string or an object',
              (value) => typeof value === 'string' || isObject(value),
            ),
            file_extension: string,
            mimetype: string,
            pygments_lexer: string,
          },
          others: 'allowed',
        }),
        title: string,
        authors: expect('a list', Array.isArray),
      },
      others: 'allowed',
    }),
    cells: listOf(cellRule),
  },
});

function repeatedIds(notebook: JsonObject): string[] {
  if (!Array.isArray(notebook.cells)) return [];
  const places = new Map<string, number[]>();
  notebook.cells.forEach((cell, index) => {
    if (isObject(cell) && typeof cell.id === 'string')
      places.set(cell.id, [...(places.get(cell.id) ?? []), index + 1]);
  });
  return Array.from(places)
    .filter(([, cells]) => cells.length > 1)
    .map(([id, cells]) => `cells ${cells.join(' and ')} have the same id "${id}": give each its own`);
}

const child = (pointer: string, key: string) =>
  `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;

function placed(notebook: JsonObject, pointer: string, message: string): string {
  const index = /^\/cells\/(\d+)/.exec(pointer)?.[1];
  if (index === undefined) return `${pointer || '/'} ${message}`;
  const cell = (notebook.cells as Json[])[Number(index)];
  const id = isObject(cell) && typeof cell.id === 'string' ? `, id ${cell.id}` : '';
  return `cell ${Number(index) + 1}${id}: ${pointer} ${message}`;
}

function describe(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof NumberToken) return value.text;
  if (typeof value === 'object') return 'an object';
  const shown = JSON.stringify(value);
  return shown.length > 40 ? `${shown.slice(0, 37)}…` : shown;
}
