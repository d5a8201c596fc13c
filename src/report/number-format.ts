/** A number as it is set: digits, and a power of ten when it has one. */
export interface SetNumber {
  readonly digits: string;
  readonly exponent?: string;
}

/** The formats of `{{claim|format:n}}`. */
const formatNames = ['percent', 'fixed', 'significant', 'scientific', 'integer', 'text'] as const;

const minus = '−';

/**
 * Sets a claim's value: `percent:1` 99.4%, `fixed:3` 0.994, `significant:3` 0.994, `scientific:1` 3.1 × 10 to a power,
 * `integer` 60,000, `text` as it is. Throws an Error that says why a value does not suit its format.
 */
export function setNumber(
  value: number | string | boolean,
  format: string | undefined,
  places: number | undefined,
): SetNumber {
  if (format === undefined || format === 'text') {
    if (places !== undefined) throw new Error(`"text" takes no number of digits`);
    return { digits: typeof value === 'number' ? signed(String(value)) : String(value) };
  }
  if (typeof value !== 'number')
    throw new Error(`the value ${JSON.stringify(value)} is no number, so it can only be "text"`);
  switch (format) {
    case 'percent':
      return { digits: `${signed((value * 100).toFixed(places ?? 0))}%` };
    case 'fixed':
      return { digits: signed(grouped(value.toFixed(needed(format, places)))) };
    case 'significant':
      return split(value.toPrecision(needed(format, places)));
    case 'scientific':
      return split(value.toExponential(needed(format, places)));
    case 'integer':
      if (!Number.isInteger(value)) throw new Error(`${value} is no integer: use "fixed:n"`);
      return { digits: signed(grouped(String(value))) };
    default:
      throw new Error(`there is no format "${format}": use one of ${formatNames.join(', ')}`);
  }
}

function needed(format: string, places: number | undefined): number {
  if (places === undefined) throw new Error(`"${format}" needs a number of digits, as in "${format}:3"`);
  return places;
}

function split(text: string): SetNumber {
  const [digits, exponent] = text.split('e');
  if (exponent === undefined) return { digits: signed(digits!) };
  return { digits: signed(digits!), exponent: signed(exponent.replace('+', '')) };
}

/** Groups of three digits, from four digits up. */
function grouped(text: string): string {
  const [whole, fraction] = text.split('.');
  const spaced = whole!.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? spaced : `${spaced}.${fraction}`;
}

function signed(text: string): string {
  return text.replace('-', minus);
}
