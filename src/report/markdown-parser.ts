import type { Node, Parent, PhrasingContent, Root } from 'mdast';
import remarkDirective from 'remark-directive';
import remarkFrontmatter from 'remark-frontmatter';
import remarkGfm from 'remark-gfm';
import remarkMath from 'remark-math';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import type { Place } from './problem.js';
import { curlyQuotes } from './typography.js';

/**
 * Parses Markdown with tables, math and directives. Every node knows its place, counted from `start`, so that a problem
 * in a caption or in a notebook's cell is reported where it was written. Directives inside a line are plain text.
 */
export function parseMarkdown(text: string, start: Place): Root {
  const root = parser.parse(text);
  settle(root, text, start);
  return root;
}

/** Parses one line of Markdown, such as a caption or a cell of a table. */
export function parseInline(text: string, start: Place): PhrasingContent[] {
  if (withoutMarkup.test(text)) return [placed({ type: 'text', value: text }, start)];
  const { children } = parseMarkdown(text, start);
  const [only] = children;
  if (only === undefined) return [];
  if (children.length === 1 && only.type === 'paragraph') return only.children;
  const literal: PhrasingContent = { type: 'text', value: text };
  return [placed(literal, start)];
}

/** Where a node was written. */
export function placeOfNode(node: Node): Place {
  const { place } = (node.data ?? {}) as { place?: Place };
  if (place === undefined) throw new Error(`internal: a ${node.type} node without a place`);
  return place;
}

/** Gives a node its place. */
export function placed<T extends Node>(node: T, place: Place): T {
  node.data = { ...node.data, place };
  return node;
}

/** Words and numbers, as in most cells of a table: the parser takes long to find nothing in them. */
const withoutMarkup =
  /^−?[\p{L}\p{N}]+(?:(?<=\p{N})\.\p{N}+)?%?(?:,? −?[\p{L}\p{N}]+(?:(?<=\p{N})\.\p{N}+)?%?)*$/u;

const parser = unified()
  .use(remarkParse)
  .use(remarkFrontmatter, ['yaml'])
  .use(remarkGfm)
  .use(remarkMath)
  .use(remarkDirective);

/** Gives every node its place, turns directives inside a line back into text, and joins neighbouring texts. */
function settle(node: Node, source: string, start: Place): void {
  const line = node.position?.start.line ?? 1;
  placed(node, start.line === undefined ? start : { ...start, line: start.line + line - 1 });
  if (!isParent(node)) return;
  const kept: Node[] = [];
  for (const child of node.children as Node[]) {
    const text = child.type === 'textDirective' ? sourceOf(child, source) : undefined;
    const settled: Node =
      text === undefined ? child : ({ type: 'text', position: child.position!, value: text } as Node);
    const last = kept.at(-1) as (Node & { value: string }) | undefined;
    if (settled.type === 'text' && last?.type === 'text') {
      last.value += (settled as Node & { value: string }).value;
      continue;
    }
    kept.push(settled);
  }
  const blocks = kept.map((child) => displayed(child, source) ?? child);
  (node as { children: Node[] }).children = blocks;
  for (const child of blocks) settle(child, source, start);
  setTypography(blocks);
}

/** Sets the quotes of neighbouring texts as a printer would. */
function setTypography(nodes: readonly Node[]): void {
  let before = ' ';
  for (const node of nodes) {
    if (node.type === 'text') {
      const text = node as Node & { value: string };
      text.value = curlyQuotes(text.value, before);
      before = text.value.at(-1) ?? before;
    } else {
      before = 'x';
    }
  }
}

/** A paragraph that is one formula between double dollars, as notebooks write a displayed formula on one line. */
function displayed(node: Node, source: string): Node | undefined {
  if (node.type !== 'paragraph') return undefined;
  const [only, ...others] = (node as Parent).children;
  if (only?.type !== 'inlineMath' || others.length > 0 || !sourceOf(only, source).startsWith('$$'))
    return undefined;
  return { type: 'math', value: only.value.trim(), position: node.position! } as Node;
}

function sourceOf(node: Node, source: string): string {
  return source.slice(node.position!.start.offset, node.position!.end.offset);
}

function isParent(node: Node): node is Parent {
  return 'children' in node;
}
