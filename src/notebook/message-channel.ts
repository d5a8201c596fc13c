import { writeSync } from 'node:fs';

/** Kept before a cell can replace them. */
const { stringify } = JSON;
const bytesOf = Buffer.from.bind(Buffer) as (text: string) => Buffer;

/** Writes messages to a descriptor at once, so that they arrive whatever the process does next. */
export class MessageWriter {
  constructor(
    private readonly descriptor: number,
    private readonly token: string,
  ) {}

  write(message: object): void {
    writeAll(this.descriptor, `${this.token} ${stringify(message)}\n`);
  }
}

/** Writes a text whole and waits while the reader is busy. */
export function writeAll(descriptor: number, text: string): void {
  const bytes = bytesOf(text);
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

/** Cuts a stream of bytes into lines; `line` gets each without its end. */
export function readLines(stream: NodeJS.ReadableStream, line: (text: string) => void): void {
  const parts: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end));
      line(Buffer.concat(parts).toString());
      parts.length = 0;
      start = end + 1;
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
  });
}
