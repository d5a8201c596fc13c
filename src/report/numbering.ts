import { type Place, type Problems, suggest } from './problem.js';

/** The kinds of things that are counted, by the beginning of their labels. */
const kinds = { fig: 'Figure', tab: 'Table', eq: 'Equation', lst: 'Listing', sec: 'Section' } as const;
export type LabelKind = keyof typeof kinds;

/** Gives out numbers in the order in which things appear, and knows afterwards what each label stands for. */
export class Numbering {
  private readonly counts = new Map<LabelKind, number>();
  private readonly known = new Map<string, string>();
  private readonly sections: [number, number, number] = [0, 0, 0];
  private appendix = false;

  constructor(private readonly problems: Problems) {}

  /** The next number of a kind. Adds a problem when the label has another beginning or stands for something already. */
  next(kind: LabelKind, label: string, place: Place): string {
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    if (!label.startsWith(`${kind}-`))
      this.problems.add(place, `the label "${label}" must begin with "${kind}-".`);
    this.remember(label, `${kinds[kind]} ${count}`, place);
    return String(count);
  }

  /** Numbers a section "2.1", one of an appendix "A.1"; makes a label of the heading when it brings none. */
  section(
    depth: 2 | 3 | 4,
    attributes: readonly string[],
    heading: string,
    place: Place,
  ): { label: string; number: string | undefined } {
    const given = attributes.find((attribute) => attribute.startsWith('#'))?.slice(1);
    for (const attribute of attributes) {
      if (!/^#sec-[a-z0-9-]+$|^\.(?:unnumbered|appendix)$/.test(attribute)) {
        this.problems.add(
          place,
          `a heading does not know "${attribute}": use #sec-name, .unnumbered or .appendix.`,
        );
      }
    }
    const label = given ?? this.free(`sec-${slug(heading)}`);
    if (attributes.includes('.unnumbered')) {
      this.remember(label, heading, place);
      return { label, number: undefined };
    }
    const level = depth - 2;
    if (attributes.includes('.appendix') && !this.appendix) {
      this.appendix = true;
      this.sections[0] = 0;
    }
    this.sections[level] = this.sections[level]! + 1;
    this.sections.fill(0, level + 1);
    const [top, ...rest] = this.sections.slice(0, level + 1);
    const first = this.appendix ? String.fromCharCode(64 + top!) : String(top);
    const number = [first, ...rest].join('.');
    this.remember(label, `${this.appendix ? 'Appendix' : 'Section'} ${number}`, place);
    return { label, number };
  }

  /** What a label stands for, as "Figure 2"; adds a problem and returns `undefined` when it stands for nothing. */
  textOf(label: string, place: Place): string | undefined {
    const text = this.known.get(label);
    if (text === undefined) {
      this.problems.add(
        place,
        `nothing in the report has the label "${label}".${suggest(label, this.known.keys())}`,
      );
    }
    return text;
  }

  /** Whether a key in brackets is a label, rather than a work to cite. */
  static isLabel(key: string): boolean {
    return /^(?:fig|tab|eq|lst|sec)-/.test(key);
  }

  private remember(label: string, text: string, place: Place): void {
    if (this.known.has(label))
      this.problems.add(
        place,
        `the label "${label}" stands for two things: ${this.known.get(label)!} and this.`,
      );
    this.known.set(label, text);
  }

  private free(label: string): string {
    let candidate = label;
    for (let i = 2; this.known.has(candidate); i++) candidate = `${label}-${i}`;
    return candidate;
  }
}

function slug(heading: string): string {
  const words = heading.toLowerCase().match(/[a-z0-9]+/g) ?? ['section'];
  return words.join('-');
}
