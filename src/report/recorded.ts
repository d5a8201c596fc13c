import type { Node, Paragraph, Parent, RootContent } from 'mdast';
import type { Recording } from '../notebook/claim.js';
import type { Origin } from './collect.js';
import { placed, placeOfNode } from './markdown-parser.js';
import type { NumberNode } from './tree.js';

/** What stands behind a number that was measured once and is not made again. */
const recordedMark = '†';

/** The mark of a number, for recorded ones. */
export function markOf({ claim }: NumberNode): string {
  return claim.kind === 'recorded' ? recordedMark : '';
}

/** What the source line of a figure or table adds to the name of its notebook when its data were measured once. */
export function remarkOn({ measuredOnce }: Origin): string {
  return measuredOnce === true ? ' (recorded, not verified)' : '';
}

/** Adds to every section of the second level that states recorded numbers a note that says where and when they were measured. */
export function withRecordingNotes(nodes: readonly RootContent[]): RootContent[] {
  const noted: RootContent[] = [];
  let section: RootContent[] = [];
  const close = () => {
    noted.push(...section, ...noteOn(section));
    section = [];
  };
  for (const node of nodes) {
    if (node.type === 'reportSection' && node.depth === 2) close();
    section.push(node);
  }
  close();
  return noted;
}

function noteOn(nodes: readonly RootContent[]): Paragraph[] {
  const recordings = nodes.flatMap(recordingsIn);
  const sources = [...new Set(recordings.map(({ machine, date }) => `on ${machine}, ${date}`))];
  if (sources.length === 0) return [];
  const value = `${recordedMark} Measured once, ${sources.join(' or ')}, and recorded; such a number is not computed again when the report is verified.`;
  const place = placeOfNode(nodes.at(-1)!);
  return [placed({ type: 'paragraph', children: [placed({ type: 'text', value }, place)] }, place)];
}

function recordingsIn(node: Node): Recording[] {
  const { claim } = node as Partial<NumberNode>;
  if (node.type === 'reportNumber') return claim?.recorded === undefined ? [] : [claim.recorded];
  const { children = [] } = node as Partial<Parent>;
  return [...children, ...((node as { caption?: Node[] }).caption ?? [])].flatMap(recordingsIn);
}
