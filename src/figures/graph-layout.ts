/** The outline of a node, with half of its width and height. */
interface Box {
  readonly outline: 'ellipse' | 'diamond';
  readonly rx: number;
  readonly ry: number;
}

/** Where the middle of a node lies, in pixels from the top left corner. */
export interface Place {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

/** The line of an edge and its tip, as SVG path data. */
export interface Arrow {
  readonly curve: string;
  readonly tip: string;
}

/** A graph that has been laid out; places stand in the order of the nodes. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly places: readonly Place[];
  readonly arrows: readonly Arrow[];
}

const margin = 6;

/** Lays a graph out with Graphviz, which only places boxes here: what stands in them is measured and drawn by us. */
export async function layOut(
  boxes: ReadonlyMap<string, Box>,
  edges: readonly (readonly [string, string])[],
  direction: 'right' | 'down',
): Promise<Layout> {
  const { instance } = await import('@viz-js/viz');
  const ids = [...boxes.keys()];
  const viz = await instance();
  const result = viz.renderJSON({
    directed: true,
    graphAttributes: {
      rankdir: direction === 'right' ? 'LR' : 'TB',
      nodesep: 0.22,
      ranksep: 0.36,
      splines: 'spline',
    },
    nodes: [...boxes].map(([, { outline, rx, ry }], i) => ({
      name: `n${i}`,
      attributes: {
        shape: outline,
        fixedsize: true,
        label: '',
        width: (2 * rx) / 72,
        height: (2 * ry) / 72,
      },
    })),
    edges: edges.map(([from, to]) => ({
      tail: `n${ids.indexOf(from)}`,
      head: `n${ids.indexOf(to)}`,
      attributes: { arrowsize: 0.7 },
    })),
  }) as GraphvizAnswer;
  const [, , right, top] = numbers(result.bb);
  const width = Math.ceil(right!) + 2 * margin;
  const height = Math.ceil(top!) + 2 * margin;
  const flip = (x: number, y: number): Point => [tenth(x + margin), tenth(height - margin - y)];
  const placed = new Map(result.objects.map(({ name, pos }) => [name, numbers(pos)]));
  const places = ids.map((id, i) => {
    const [x, y] = flip(...(placed.get(`n${i}`) as [number, number]));
    return { id, x, y };
  });
  return { width, height, places, arrows: (result.edges ?? []).map(({ pos }) => arrow(pos, flip)) };
}

type Point = readonly [number, number];

interface GraphvizAnswer {
  readonly bb: string;
  readonly objects: readonly { readonly name: string; readonly pos: string }[];
  readonly edges?: readonly { readonly pos: string }[];
}

/** Graphviz writes an edge as "e,<tip> <start> <control> <control> <point> …", a chain of Bézier curves. */
function arrow(pos: string, flip: (x: number, y: number) => Point): Arrow {
  const parts = pos.split(' ').map((part) => numbers(part.replace(/^[se],/, '')));
  const [tip, start, ...rest] = parts.map(([x, y]) => flip(x!, y!));
  const end = rest.at(-1)!;
  const curve = `M${point(start!)}C${rest.map(point).join(' ')}`;
  const [dx, dy] = [tip![0] - end[0], tip![1] - end[1]];
  const length = Math.sqrt(dx * dx + dy * dy) || 1;
  const [nx, ny] = [(-dy / length) * 3.2, (dx / length) * 3.2];
  const left: Point = [tenth(end[0] + nx), tenth(end[1] + ny)];
  const right: Point = [tenth(end[0] - nx), tenth(end[1] - ny)];
  return { curve, tip: `M${point(tip!)}L${point(left)}L${point(right)}Z` };
}

function numbers(text: string): number[] {
  return text.split(',').map(Number);
}

function point([x, y]: Point): string {
  return `${x} ${y}`;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
