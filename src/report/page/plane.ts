import { element } from './elements.js';
import type { Grid } from './messages.js';

const pixels = 360;

/** A picture of the plane: what the network answers as ground, the true boundary as a line over it. */
export class Plane {
  readonly node = element('canvas', {
    width: String(pixels),
    height: String(pixels),
    role: 'img',
    'aria-label': 'The plane of the inputs; no network was trained yet.',
  });
  private truth: Grid | undefined;
  private answers: Grid | undefined;

  constructor() {
    matchMedia('(prefers-color-scheme:dark)').addEventListener('change', () => this.draw());
  }

  showTruth(truth: Grid): void {
    this.truth = truth;
    this.draw();
  }

  showAnswers(answers: Grid, epoch: number): void {
    this.answers = answers;
    const share = answers.classes.reduce((sum, one) => sum + one, 0) / answers.classes.length;
    const said = `class 1 on ${(share * 100).toFixed(0)}% of it`;
    this.node.setAttribute(
      'aria-label',
      `The plane of the inputs after epoch ${epoch}: the network answers ${said}.`,
    );
    this.draw();
  }

  private draw(): void {
    const context = this.node.getContext('2d');
    if (context === null) return;
    const colours = getComputedStyle(this.node);
    context.fillStyle = colours.getPropertyValue('--plane-0');
    context.fillRect(0, 0, pixels, pixels);
    if (this.answers !== undefined) {
      context.fillStyle = colours.getPropertyValue('--plane-1');
      fillCells(context, this.answers);
    }
    if (this.truth !== undefined) {
      context.strokeStyle = colours.getPropertyValue('--ink');
      context.lineWidth = 1.5;
      context.stroke(boundary(this.truth));
    }
  }
}

/** Fills the cells around the grid points of class 1; the rows count from below. */
function fillCells(context: CanvasRenderingContext2D, { points, classes }: Grid): void {
  const size = pixels / points;
  for (let row = 0; row < points; row++) {
    for (let column = 0; column < points; column++) {
      if (classes[row * points + column] !== 1) continue;
      context.fillRect(column * size, (points - 1 - row) * size, size + 0.5, size + 0.5);
    }
  }
}

/** The line between the classes: a diagonal or straight piece in each cell whose corners differ. */
function boundary({ points, classes }: Grid): Path2D {
  const path = new Path2D();
  const size = pixels / (points - 1);
  const at = (row: number, column: number) => classes[row * points + column];
  for (let row = 0; row + 1 < points; row++) {
    for (let column = 0; column + 1 < points; column++) {
      const [a, b, c, d] = [
        at(row, column),
        at(row, column + 1),
        at(row + 1, column + 1),
        at(row + 1, column),
      ];
      const [x, y] = [column * size, (points - 1 - row) * size];
      const crossings: [number, number][] = [];
      if (a !== b) crossings.push([x + size / 2, y]);
      if (b !== c) crossings.push([x + size, y - size / 2]);
      if (c !== d) crossings.push([x + size / 2, y - size]);
      if (d !== a) crossings.push([x, y - size / 2]);
      if (crossings.length < 2) continue;
      path.moveTo(...crossings[0]!);
      path.lineTo(...crossings[1]!);
    }
  }
  return path;
}
