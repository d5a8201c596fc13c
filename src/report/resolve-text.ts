import type { Node, Parent, PhrasingContent } from 'mdast';
import type { Claim } from './claims.js';
import { placed, placeOfNode } from './markdown-parser.js';
import { setNumber } from './number-format.js';
import { Numbering } from './numbering.js';
import { type Place, type Problems, suggest } from './problem.js';
import type { CitationNode, NumberNode, ReferenceNode } from './tree.js';

/** What texts may refer to. */
export interface TextContext {
  readonly numbering: Numbering;
  readonly claims: ReadonlyMap<string, Claim>;
  /** Filled with the claims that the report states. */
  readonly used: Map<string, Claim>;
  /** The number of a cited work, or `undefined` when there is none with this key. */
  readonly cite: (key: string, place: Place) => number | undefined;
  readonly problems: Problems;
}

/** Replaces `{{claim|format}}` and `[@label]` in every text, caption and formula below a node. */
export function resolveText(node: Node, context: TextContext): void {
  if (node.type === 'inlineMath') inFormula(node as Node & { value: string }, 'value', context);
  if (node.type === 'link') checkAddress(node as Node & { url: string }, context);
  if (node.type === 'reportEquation') inFormula(node as Node & { latex: string }, 'latex', context);
  for (const part of ['children', 'caption'] as const) {
    const children = (node as Partial<Record<typeof part, Node[]>>)[part];
    if (children === undefined) continue;
    // Child after child, so that works are numbered in the order in which a reader meets them.
    (node as unknown as Record<string, Node[]>)[part] = children.flatMap((child) => {
      const parts = child.type === 'text' ? splitText(child as Node & { value: string }, context) : [child];
      for (const part of parts) resolveText(part, context);
      return parts;
    });
  }
  if (node.type === 'reportTable') resolveText((node as Parent & { table: Node }).table, context);
}

/** A link may come from an output of a notebook, which is never trusted: it leads to a page, to a mailbox or within the project. */
function checkAddress(node: Node & { url: string }, { problems }: TextContext): void {
  const scheme = /^[\s\u0000-\u001f]*([^/?#]*?):/.exec(node.url)?.[1];
  if (scheme === undefined || /^(https?|mailto)$/i.test(scheme)) return;
  problems.add(
    placeOfNode(node),
    `a link may begin with https:, http: or mailto:, but this one is ${JSON.stringify(node.url)}.`,
  );
}

const marks = /\{\{([^{}]*)\}\}|\[@([^\]\s][^\]]*)\]/g;

function splitText(node: Node & { value: string }, context: TextContext): PhrasingContent[] {
  const parts: PhrasingContent[] = [];
  const start = placeOfNode(node);
  const lineAt = (index: number): Place => {
    if (start.line === undefined) return start;
    return { ...start, line: start.line + (node.value.slice(0, index).match(/\n/g) ?? []).length };
  };
  const text = (from: number, to: number) => {
    if (to > from) parts.push(placed({ type: 'text', value: node.value.slice(from, to) }, lineAt(from)));
  };
  let end = 0;
  for (const match of node.value.matchAll(marks)) {
    text(end, match.index);
    end = match.index + match[0].length;
    const place = lineAt(match.index);
    if (match[1] !== undefined) parts.push(...claimNumber(match[1], place, context));
    else parts.push(...references(match[2]!, place, context));
  }
  text(end, node.value.length);
  const left = node.value.replace(marks, '');
  if (left.includes('{{') || left.includes('}}')) {
    context.problems.add(start, 'a "{{" or "}}" stands alone: a claim is written {{name|format:n}}.');
  }
  return parts;
}

function claimNumber(inside: string, place: Place, { claims, used, problems }: TextContext): NumberNode[] {
  const match = /^\s*([A-Za-z0-9][\w.-]*)\s*(?:\|\s*([a-z]+)\s*(?::\s*(\d+))?)?\s*$/.exec(inside);
  if (match === null) {
    problems.add(place, `"{{${inside}}}" is no claim: write {{name}} or {{name|format:n}}.`);
    return [];
  }
  const [, name, format, places] = match;
  const claim = claims.get(name!);
  if (claim === undefined) {
    problems.add(place, `no notebook makes the claim "${name!}".${suggest(name!, claims.keys())}`);
    return [];
  }
  try {
    const set = setNumber(claim.value, format, places === undefined ? undefined : Number(places));
    used.set(claim.name, claim);
    return [placed({ type: 'reportNumber', set, claim }, place)];
  } catch (error) {
    problems.add(place, `{{${inside.trim()}}}: ${(error as Error).message}.`);
    return [];
  }
}

function references(inside: string, place: Place, { numbering, cite }: TextContext): PhrasingContent[] {
  const keys = inside.split(';').map((key) => key.trim().replace(/^@/, ''));
  if (!keys.every((key) => Numbering.isLabel(key))) {
    const numbers = keys.flatMap((key) => cite(key, place) ?? []);
    const citation: CitationNode = { type: 'reportCitation', keys, numbers };
    return numbers.length === keys.length ? [placed(citation, place)] : [];
  }
  return keys.flatMap((label, index): PhrasingContent[] => {
    const text = numbering.textOf(label, place);
    if (text === undefined) return [];
    const reference: ReferenceNode = { type: 'reportReference', label, text };
    const between = index === 0 ? '' : index === keys.length - 1 ? ' and ' : ', ';
    const joint: PhrasingContent[] = between === '' ? [] : [placed({ type: 'text', value: between }, place)];
    return [...joint, placed(reference, place)];
  });
}

/** Replaces claims in a formula by their numbers in LaTeX. */
function inFormula<K extends string>(node: Node & Record<K, string>, key: K, context: TextContext): void {
  const latex = (node[key] as string).replace(
    /\{\{([^{}]*\|[^{}]*|[A-Za-z0-9][\w.-]*\.[\w.-]*)\}\}/g,
    (_, inside: string) => {
      const [number] = claimNumber(inside, placeOfNode(node), context);
      if (number === undefined) return '0';
      const digits = number.set.digits.replace('%', '\\%').replace('−', '-').replaceAll(',', '{,}');
      return number.set.exponent === undefined
        ? digits
        : `${digits} \\times 10^{${number.set.exponent.replace('−', '-')}}`;
    },
  );
  (node as Record<string, unknown>)[key] = latex;
}
