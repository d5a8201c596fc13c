import { Readable } from 'node:stream';

/** What a cell finds as `process.stdin`: nobody could type there, so that waiting for it would never end. */
export class NoInput extends Readable {
  readonly isTTY = false;

  override _read(): void {
    this.destroy(
      new Error('A cell cannot ask for input: give the value in the cell itself, or as a parameter.'),
    );
  }
}
