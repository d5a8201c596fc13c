import { isMap, LineCounter, parseDocument } from 'yaml';
import type { Root, RootContent } from 'mdast';
import { parseMarkdown } from './markdown-parser.js';
import type { Problems } from './problem.js';

/** The report as it was written: what stands at its head, and its text. */
export interface ReportSource {
  readonly title: string;
  readonly subtitle: string | undefined;
  readonly authors: readonly string[];
  /** A fixed date, as it is printed. */
  readonly date: string;
  readonly abstract: RootContent[];
  readonly body: Root;
  /** Words with digits that prose may use without a claim. */
  readonly constants: readonly string[];
}

/** Reads `report.md`: YAML between two lines of `---`, then Markdown. Problems are added, not thrown. */
export function readSource(text: string, file: string, problems: Problems): ReportSource {
  const body = parseMarkdown(text, { file, line: 1 });
  const [first] = body.children;
  const head = first?.type === 'yaml' ? first.value : undefined;
  if (head === undefined) {
    problems.add(
      { file, line: 1 },
      'the file does not begin with a head: write title, authors, date and abstract between two lines of "---".',
    );
  } else {
    body.children.shift();
  }
  const fields = new Head(head ?? '', file, problems);
  const abstract = fields.block('abstract');
  return {
    title: fields.text('title'),
    subtitle: fields.optional('subtitle'),
    authors: fields.list('authors'),
    date: fields.text('date'),
    abstract:
      abstract === undefined ? [] : parseMarkdown(abstract.text, { file, line: abstract.line }).children,
    body,
    constants: fields.list('constants'),
  };
}

const known = ['title', 'subtitle', 'authors', 'date', 'abstract', 'constants'];

/** The fields at the head of the report; the YAML starts on line 2 of the file. */
class Head {
  private readonly values: Readonly<Record<string, unknown>>;
  private readonly lines = new Map<string, number>();

  constructor(
    yaml: string,
    private readonly file: string,
    private readonly problems: Problems,
  ) {
    const counter = new LineCounter();
    const document = parseDocument(yaml, { lineCounter: counter, schema: 'failsafe' });
    for (const error of document.errors) {
      problems.add(
        { file, line: counter.linePos(error.pos[0]).line + 1 },
        `the head is not YAML: ${error.message.split('\n')[0]!}`,
      );
    }
    this.values =
      (document.errors.length === 0 ? (document.toJS() as Record<string, unknown> | null) : null) ?? {};
    if (isMap(document.contents)) {
      for (const { key } of document.contents.items) {
        const { range, value } = key as unknown as { range: [number]; value: string };
        this.lines.set(value, counter.linePos(range[0]).line + 1);
        if (!known.includes(value))
          problems.add(
            this.place(value),
            `the head has no field "${value}": use one of ${known.join(', ')}.`,
          );
      }
    }
  }

  text(name: string): string {
    const value = this.optional(name);
    if (value === undefined) this.problems.add(this.place(name), `the head lacks "${name}".`);
    return value ?? '';
  }

  optional(name: string): string | undefined {
    const value = this.values[name];
    return typeof value === 'string' ? value.trim() : undefined;
  }

  list(name: string): readonly string[] {
    const value = this.values[name] ?? [];
    const items = Array.isArray(value) ? value : [value];
    return items.map(String);
  }

  /** A block of text (`name: |`), whose lines begin one below its name. */
  block(name: string): { text: string; line: number } | undefined {
    const text = this.optional(name);
    return text === undefined ? undefined : { text, line: (this.lines.get(name) ?? 1) + 1 };
  }

  private place(name: string): { file: string; line: number } {
    return { file: this.file, line: this.lines.get(name) ?? 1 };
  }
}
