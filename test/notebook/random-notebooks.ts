import { random } from '../../src/random/random.js';

const pieces = [
  ...['a', 'b', '\n', '\r', '\r\n', '\t', '\v', '\f', '\x1c', '\x1d', '\x1e', '\x85', '\u2028', '\u2029'],
  ...['é', '\u{1F600}', '\uffee', '\\', '"', '/', '\x7f', '\x00', '\x1f', '\u200b', ' ', '\ufeff', '\uffff'],
];
const numbers = [
  ...['0', '1', '-1', '1.0', '1e5', '1e16', '1e-5', '1E22', '-0.0', '-0', '1.5e-7', '123456789.123', 'NaN'],
  ...[
    'Infinity',
    '-Infinity',
    '9007199254740993',
    '12345678901234567890123',
    '1e300',
    '5e-324',
    '0.1',
    '1e400',
  ],
];
const types = [
  ...['text/plain', 'text/html', 'image/png', 'image/svg+xml', 'application/javascript', 'application/pdf'],
  ...['application/json', 'application/vnd.vegalite.v5+json', 'text/markdown', 'application/x-latex'],
];
/** Values by which a valid notebook may become an invalid one. */
const wrongValues = [
  'null',
  '0',
  '-1',
  '1.5',
  '""',
  '"x"',
  '[]',
  '{}',
  '["a"]',
  '[1]',
  'true',
  '"a,b"',
  '"a b"',
];
const wrongKeys = ['id', 'x', 'name', 'collapsed', 'scrolled', 'format', 'attachments', 'outputs', 'title'];

type Entries = readonly (readonly [key: string, json: string])[];

/** Texts of notebooks of nbformat 4.0 to 4.5 with whatever a notebook may hold; some broken in one place when asked. */
export function randomNotebooks(seed: number, count: number, broken: boolean): string[] {
  const numbersBetween0And1 = random(seed);
  const chance = () => numbersBetween0And1.uniforms(1)[0]!;
  const below = (limit: number) => Math.floor(chance() * limit);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)]!;
  const times = <T>(most: number, make: (index: number) => T): T[] =>
    Array.from({ length: below(most + 1) }, (_, i) => make(i));
  /** How many objects go by until one of them is written wrongly. */
  let untilWrong = Infinity;

  const text = (longest = 12) => JSON.stringify(times(longest, () => pick(pieces)).join(''));
  const lines = () => (chance() < 0.5 ? text(30) : `[${times(4, () => text(6)).join()}]`);
  const object = (entries: Entries): string => {
    const unique = [...new Map(entries)].map(([key, json]) => `${JSON.stringify(key)}:${json}`);
    if (--untilWrong === 0) {
      if (chance() < 0.4) unique.splice(below(unique.length), 1);
      else if (chance() < 0.7 && entries.length > 0) {
        const [key] = pick(entries);
        const at = [...new Map(entries).keys()].indexOf(key);
        unique[at] = `${JSON.stringify(key)}:${pick(wrongValues)}`;
      } else unique.push(`"${pick(wrongKeys)}":${pick(wrongValues)}`);
    }
    return `{${unique.join()}}`;
  };
  const anything = (depth: number): string => {
    const kind = chance();
    if (depth === 0 || kind < 0.3)
      return chance() < 0.4 ? text() : pick([...numbers, 'true', 'false', 'null']);
    if (kind < 0.6) return `[${times(3, () => anything(depth - 1)).join()}]`;
    return `{${[...new Map(anyEntries(depth - 1))].map(([key, json]) => `${JSON.stringify(key)}:${json}`).join()}}`;
  };
  const anyEntries = (depth = 2): Entries =>
    times(2, () => [JSON.parse(text(4)) as string, anything(depth)] as const);
  const bundle = () =>
    object(
      times(4, () => {
        const type = pick(types);
        return [type, type.endsWith('json') ? anything(3) : lines()] as const;
      }),
    );
  const output = () => {
    const kind = pick(['stream', 'error', 'display_data', 'execute_result']);
    const of: Entries = [['output_type', JSON.stringify(kind)]];
    if (kind === 'stream')
      return object([...of, ['name', pick(['"stdout"', '"stderr"'])], ['text', lines()]]);
    if (kind === 'error') {
      return object([
        ...of,
        ['ename', text()],
        ['evalue', text()],
        ['traceback', `[${times(3, () => text()).join()}]`],
      ]);
    }
    const shown: Entries = [...of, ['data', bundle()], ['metadata', object(anyEntries())]];
    return object(kind === 'display_data' ? shown : [...shown, ['execution_count', pick(['null', '7'])]]);
  };
  const metadata = () =>
    object([
      ...anyEntries(),
      ...(
        [
          ['tags', '["a","b c"]'],
          ['trusted', 'true'],
          ['collapsed', 'true'],
          ['scrolled', '"auto"'],
          ['jupyter', '{"outputs_hidden":true}'],
          ['execution', '{"iopub.execute_input":"x"}'],
        ] as const
      ).filter(() => chance() < 0.15),
    ]);
  const cell = (minor: number, index: number) => {
    const kind = pick(['code', 'markdown', 'raw']);
    return object([
      ['cell_type', JSON.stringify(kind)],
      ['metadata', metadata()],
      ['source', lines()],
      ...(minor >= 5 ? ([['id', `"id-${index}"`]] as const) : []),
      ...(kind === 'code'
        ? ([
            ['outputs', `[${times(3, output).join()}]`],
            ['execution_count', pick(['null', '3'])],
          ] as const)
        : minor >= 1 && chance() < 0.3
          ? ([['attachments', `{"a.png":${bundle()}}`]] as const)
          : []),
    ]);
  };

  return Array.from({ length: count }, () => {
    const minor = broken ? 5 : pick([0, 1, 2, 3, 4, 5, 5, 5]);
    if (broken) untilWrong = 1 + below(12);
    const cells = times(4, (index) => cell(minor, index));
    const known: Entries = (
      [
        [
          'kernelspec',
          object([
            ['name', '"x"'],
            ['display_name', '"y"'],
            ['z', '1'],
          ]),
        ],
        [
          'language_info',
          object([
            ['name', '"typescript"'],
            ['codemirror_mode', pick(['"a"', '{"name":"b"}'])],
          ]),
        ],
        ['orig_nbformat', '3'],
      ] as const
    ).filter(() => chance() < 0.3);
    return object([
      ['cells', `[${cells.join()}]`],
      ['metadata', object([...anyEntries(), ...known])],
      ['nbformat', '4'],
      ['nbformat_minor', String(minor)],
    ]);
  });
}
