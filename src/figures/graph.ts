import { type Figure, drawing } from './figure.js';
import { type Arrow, type Layout, layOut, type Place } from './graph-layout.js';
import { textWidth } from './fonts.js';
import { escapeXml, finishSvg } from './svg.js';
import { fontFamily, inks, seriesColour } from './theme.js';
import { listed } from './wording.js';
import { aText, kind, type Kind, listOf, objectWith, orNothing, requireKinds } from '../tensor/arguments.js';
import { requireOptions } from '../tensor/options.js';
import { ValueError } from '../tensor/error.js';

/** A fact about a node; a value of `undefined` is drawn as "not yet computed", which is not the same as 0. */
export interface GraphField {
  readonly label: string;
  readonly value: string | undefined;
}

/** A tensor or an operation of a computation graph. */
export interface GraphNode {
  readonly id: string;
  readonly kind: 'tensor' | 'op';
  readonly label: string;
  readonly lines?: readonly (string | GraphField)[];
  readonly highlight?: boolean;
}

/** A computation graph in plain words: an edge leads from what is used to what uses it. */
export interface GraphDescription {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly (readonly [from: string, to: string])[];
}

/** How a graph is drawn. */
export interface GraphOptions {
  readonly title?: string;
  /** Where the result lies, seen from the inputs. */
  readonly direction?: 'right' | 'down';
  /** What a reader who does not see the picture is told, where an edge does not mean "is used by". */
  readonly alt?: string;
}

const aNodeKind = kind("'tensor' or 'op'", (given) => given === 'tensor' || given === 'op');
const anEdge = kind(
  'an edge, [from, to]',
  (given) => Array.isArray(given) && given.length === 2 && given.every((id) => typeof id === 'string'),
);
const aField = objectWith({ label: aText, value: orNothing(aText) }, 'a text, or { label, value }');
const aLine: Kind = {
  words: 'a text, or { label, value }',
  refusal: (given, name) => (typeof given === 'string' ? undefined : aField.refusal(given, name)),
};
const aDescription = objectWith(
  {
    nodes: listOf(
      objectWith(
        { id: aText, kind: aNodeKind, label: aText, lines: orNothing(listOf(aLine, 'the lines in a list')) },
        'a node, { id, kind, label }',
      ),
      'the nodes in a list',
    ),
    edges: listOf(anEdge, 'the edges in a list, each [from, to]'),
  },
  'a graph, { nodes, edges }',
);

/**
 * Draws a computation graph: tensors as ellipses, operations as diamonds, what is not yet computed in italics inside a
 * dashed outline. Throws on an edge to a node that is not there and on an id used twice.
 */
export function graph(description: GraphDescription, options: GraphOptions = {}): Figure {
  requireKinds('graph', { description }, { description: aDescription });
  requireOptions('graph', options, { title: true, direction: true, alt: true });
  const { title, direction = 'right', alt = describe(description) } = options;
  check(description);
  const shapes = new Map(description.nodes.map((node) => [node.id, shapeOf(node)]));
  return drawing({
    alt,
    ...(title === undefined ? {} : { title }),
    toSvg: async () => {
      const layout = await layOut(shapes, description.edges, direction);
      const size = `width="${layout.width}" height="${layout.height}" viewBox="0 0 ${layout.width} ${layout.height}"`;
      return finishSvg(`<svg ${size}>${drawGraph(description.nodes, shapes, layout)}</svg>`, {
        alt,
        ...(title === undefined ? {} : { title }),
      });
    },
  });
}

/** The arrows and nodes of a graph that has been laid out, as SVG without its frame. */
export function drawGraph(
  nodes: readonly GraphNode[],
  shapes: ReadonlyMap<string, Shape>,
  { arrows, places }: Layout,
): string {
  const drawn = places.map((place, i) => drawNode(nodes[i]!, shapes.get(place.id)!, place));
  return arrows.map(drawArrow).join('') + drawn.join('');
}

interface Line {
  readonly text: string;
  readonly size: number;
  readonly weight: number;
  readonly absent: boolean;
}

/** The outline and lines of a node, and half of its width and height. */
export interface Shape {
  readonly outline: 'ellipse' | 'diamond';
  readonly lines: readonly Line[];
  readonly rx: number;
  readonly ry: number;
}

const leading = 16;

/** How large a node must be to hold its lines. */
export function shapeOf({ kind, label, lines = [] }: GraphNode): Shape {
  const written: Line[] = [
    { text: label, size: kind === 'op' ? 12.5 : 13.5, weight: 600, absent: false },
    ...lines.map((line): Line => {
      const absent = typeof line !== 'string' && line.value === undefined;
      const text = typeof line === 'string' ? line : `${line.label} ${line.value ?? 'not yet computed'}`;
      return { text, size: 11.5, weight: 400, absent };
    }),
  ];
  const half = (written.length * leading) / 2;
  const ry = kind === 'op' ? half + 16 : half * 1.3 + 7;
  const reach = written.map(({ text, size, weight, absent }, i) => {
    const edge = Math.max(Math.abs(i * leading - half), Math.abs((i + 1) * leading - half)) - 3;
    const width = textWidth(text, size, { weight, italic: absent }) / 2 + 7;
    return kind === 'op' ? width / (1 - edge / ry) : width / Math.sqrt(1 - (edge / ry) * (edge / ry));
  });
  return {
    outline: kind === 'op' ? 'diamond' : 'ellipse',
    lines: written,
    rx: Math.ceil(Math.max(26, ...reach)),
    ry: Math.ceil(ry),
  };
}

function drawNode(node: GraphNode, { outline: kind, lines, rx, ry }: Shape, { x, y }: Place): string {
  const absent = lines.some((line) => line.absent);
  const colour =
    node.highlight === true ? seriesColour(1) : node.kind === 'op' ? seriesColour(0) : inks.rule.light;
  const dash = absent ? ' stroke-dasharray="4 3"' : '';
  const paint = `fill="${node.kind === 'op' ? inks.tint.light : 'none'}" stroke="${colour}" stroke-width="${node.highlight === true ? 2 : 1.25}"${dash}`;
  const outline =
    kind === 'diamond'
      ? `<path d="M${x - rx} ${y}L${x} ${y - ry}L${x + rx} ${y}L${x} ${y + ry}Z" stroke-linejoin="round" ${paint}/>`
      : `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" ${paint}/>`;
  const top = y - (lines.length * leading) / 2 + 11.5;
  const text = lines.map((line, i) => {
    const face = line.absent
      ? ' font-style="italic"'
      : line.weight === 400
        ? ''
        : ` font-weight="${line.weight}"`;
    const ink =
      line.absent || (i > 0 && line.weight === 400 && i < lines.length - 2)
        ? inks.muted.light
        : inks.text.light;
    return `<text x="${x}" y="${top + i * leading}" font-size="${line.size}"${face} text-anchor="middle" font-family="${fontFamily}" fill="${ink}">${escapeXml(line.text)}</text>`;
  });
  return `<g>${outline}${text.join('')}</g>`;
}

function drawArrow({ curve, tip }: Arrow): string {
  return (
    `<path d="${curve}" fill="none" stroke="${inks.rule.light}" stroke-width="1.25"/>` +
    `<path d="${tip}" fill="${inks.rule.light}"/>`
  );
}

function check({ nodes, edges }: GraphDescription): void {
  const ids = new Set(nodes.map(({ id }) => id));
  if (nodes.length === 0) throw new ValueError('graph: there is no node to draw: give at least one.');
  if (ids.size < nodes.length) throw new ValueError('graph: two nodes have the same id: give each its own.');
  const stray = edges.flat().find((id) => !ids.has(id));
  if (stray !== undefined) throw new ValueError(`graph: an edge names "${stray}", but no node has this id.`);
}

function describe({ nodes, edges }: GraphDescription): string {
  const label = new Map(nodes.map(({ id, label }) => [id, label]));
  const sentences = nodes.flatMap(({ id, kind, label: own, lines = [] }) => {
    if (kind === 'op') {
      const inputs = edges.filter(([, to]) => to === id).map(([from]) => label.get(from)!);
      const outputs = edges.filter(([from]) => from === id).map(([, to]) => label.get(to)!);
      return [`${own} makes ${listed(outputs) || 'nothing'} of ${listed(inputs) || 'nothing'}.`];
    }
    const facts = lines.map((line) =>
      typeof line === 'string' ? line : `${line.label} ${line.value ?? 'not yet computed'}`,
    );
    return facts.length === 0 ? [] : [`${own}: ${facts.join(', ')}.`];
  });
  const tensors = nodes.filter(({ kind }) => kind === 'tensor').length;
  return `Computation graph of ${tensors} tensors and ${nodes.length - tensors} operations. ${sentences.join(' ')}`.trim();
}
