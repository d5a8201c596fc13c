/** Lines at the foot of a terminal that are redrawn in place; on any other stream only what is printed appears. */
export class LiveLines {
  readonly terminal: boolean;
  #drawn = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly lines: () => readonly string[],
    terminal = stream.isTTY,
  ) {
    this.terminal = terminal;
  }

  /** Begins to redraw, ten times a second. */
  begin(): void {
    if (this.terminal) this.#timer ??= setInterval(() => this.#draw(), 100).unref();
  }

  /** Prints a line that stays, above those that are redrawn. */
  print(line: string): void {
    this.#erase();
    this.stream.write(`${line}\n`);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#erase();
  }

  #draw(): void {
    const width = (this.stream.columns || 80) - 1;
    const lines = this.lines().map((line) => line.slice(0, width));
    this.#erase();
    if (lines.length > 0) this.stream.write(lines.join('\n'));
    this.#drawn = lines.length;
  }

  #erase(): void {
    if (this.#drawn > 1) this.stream.write(`\u001b[${this.#drawn - 1}A`);
    if (this.#drawn > 0) this.stream.write('\r\u001b[J');
    this.#drawn = 0;
  }
}

/** `████░░░░ 40/100 epochs, 81.2 a second, 1 s left` */
export function bar(done: number, total: number, unit: string, seconds: number): string {
  const width = 20;
  const filled = Math.floor((width * done) / Math.max(1, total));
  const rate = done / seconds;
  const left = done > 0 ? `${Math.ceil((total - done) / rate)} s left` : 'starting';
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${done}/${total} ${unit}, ${rate.toFixed(1)} a second, ${left}`;
}
