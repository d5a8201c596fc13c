/** Where two values first differ, and in how many places they do. */
export interface Difference {
  /** From the outermost value inwards, such as `data.values[3].loss`. */
  readonly path: string;
  /** `undefined` for what is not there. */
  readonly committed: unknown;
  readonly fresh: unknown;
  /** How many representable numbers lie between two numbers, the further one counted. */
  readonly ulps?: number;
  /** Numbers, texts and missing parts that differ, this one among them. */
  readonly count: number;
  /** The largest distance of all differing numbers; infinite when something else than a number differs. */
  readonly largest: number;
}

/** Compares JSON values bit by bit: −0 is not 0, and a missing field is not `null`. `undefined` when they are identical. */
export function difference(committed: unknown, fresh: unknown): Difference | undefined {
  const leaves: Leaf[] = [];
  collect(committed, fresh, '', leaves);
  const [first] = leaves;
  if (first === undefined) return undefined;
  const distances = leaves.map(({ ulps }) => ulps ?? Infinity);
  return { ...first, count: leaves.length, largest: Math.max(...distances.slice(0, 100_000)) };
}

/** The distance of two finite numbers in units in the last place: how many steps of `nextafter` lead from one to the other. */
export function ulpsBetween(a: number, b: number): number {
  const distance = ordinal(a) - ordinal(b);
  return Number(distance < 0n ? -distance : distance);
}

/** A difference in words: `at data.values[3].loss: 0.5 committed, 0.25 now (…); 4 such places`. */
export function describeDifference({ path, committed, fresh, ulps, count }: Difference): string {
  const where = path === '' ? '' : `at ${path}: `;
  const distance = ulps === undefined ? '' : ` (${inWords(ulps)})`;
  const more = count === 1 ? '' : `; ${count} places differ`;
  const [was, is] = excerpts(committed, fresh);
  return `${where}${was} committed, ${is} now${distance}${more}`;
}

/** `3 ulp apart`, or a rounded count when they are many. */
export function inWords(ulps: number): string {
  return `${ulps < 1e6 ? ulps : ulps.toPrecision(2)} ulp apart`;
}

type Leaf = Pick<Difference, 'path' | 'committed' | 'fresh' | 'ulps'>;

function collect(committed: unknown, fresh: unknown, path: string, leaves: Leaf[]): void {
  if (Object.is(committed, fresh)) return;
  if (isContainer(committed) && isContainer(fresh) && Array.isArray(committed) === Array.isArray(fresh)) {
    const keys = new Set([...Object.keys(committed), ...Object.keys(fresh)]);
    for (const key of keys) {
      const inner = Array.isArray(committed) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
      collect(committed[key], fresh[key], inner, leaves);
    }
    return;
  }
  const finite = Number.isFinite(committed) && Number.isFinite(fresh);
  const ulps = finite ? { ulps: ulpsBetween(committed as number, fresh as number) } : {};
  leaves.push({ path, committed, fresh, ...ulps });
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

const bits = new DataView(new ArrayBuffer(8));

/** The position of a number among all doubles; 0 for both zeros' neighbourhood, −0 just below 0. */
function ordinal(value: number): bigint {
  bits.setFloat64(0, value);
  const pattern = bits.getBigInt64(0);
  return pattern >= 0n ? pattern : -(pattern & 0x7fff_ffff_ffff_ffffn) - 1n;
}

const longest = 48;

/** Two values short enough for a line; of two texts the part where they begin to differ. */
function excerpts(committed: unknown, fresh: unknown): [string, string] {
  if (typeof committed !== 'string' || typeof fresh !== 'string') return [short(committed), short(fresh)];
  let start = 0;
  while (start < committed.length && committed[start] === fresh[start]) start += 1;
  const from = Math.max(0, start - 12);
  const cut = (text: string) => `${from > 0 ? '…' : ''}${text.slice(from)}`;
  return [short(cut(committed)), short(cut(fresh))];
}

function short(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = Object.is(value, -0) ? '-0' : JSON.stringify(value);
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
