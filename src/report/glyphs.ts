import type { Node, Parent, PhrasingContent } from 'mdast';
import { fontFile, missingGlyphs } from '../figures/fonts.js';
import { placeOfNode } from './markdown-parser.js';
import { uncovered } from './page-fonts.js';
import type { Problems } from './problem.js';
import type { ListingNode, Report } from './tree.js';

/** Adds a problem for every character that the report's fonts cannot draw; formulas have fonts of their own. */
export function checkReportGlyphs(report: Report, problems: Problems): void {
  for (const node of [report.body, ...report.abstract]) walk(node, problems);
}

function walk(node: Node, problems: Problems): void {
  const { value } = node as Node & { value?: string };
  if (node.type === 'text') complain(uncovered(value!), node, problems);
  if (node.type === 'inlineCode' || node.type === 'code') complain(inCode(value!), node, problems);
  if (node.type === 'reportListing') complain(inCode((node as ListingNode).code), node, problems);
  const { children, caption, table } = node as Partial<Parent> & {
    caption?: PhrasingContent[];
    table?: Node;
  };
  for (const child of [...(children ?? []), ...(caption ?? []), ...(table === undefined ? [] : [table])])
    walk(child, problems);
}

function inCode(text: string): string[] {
  return missingGlyphs(text, fontFile('ibm-plex-mono', '400Regular'));
}

function complain(missing: readonly string[], node: Node, problems: Problems): void {
  for (const character of missing) {
    const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    problems.add(
      placeOfNode(node),
      `no font of the report has a glyph for "${character}" (U+${code}): write it as a formula or in other characters.`,
    );
  }
}
