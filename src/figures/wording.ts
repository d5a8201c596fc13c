/** A share as per cent with one decimal, for alternative texts. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** A number with three significant digits, with a true minus sign. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return 'not finite';
  return String(Number(value.toPrecision(3))).replace(/-/g, '−');
}

/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)!}`;
}
