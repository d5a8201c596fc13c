import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import { Writable } from 'node:stream';

/** Kept before a cell can replace it. */
const bytesOf = Buffer.from.bind(Buffer) as (text: string, encoding: BufferEncoding) => Buffer;

type StreamName = 'stdout' | 'stderr';

/**
 * Sends what this process writes to `process.stdout` and `process.stderr` to `text`, at once and in order.
 * Cells cannot replace the two streams, and bytes that are no UTF-8 are an error instead of lost output.
 * Returns a function that throws when a stream ends in the middle of a character.
 */
export function captureStreams(text: (name: StreamName, text: string) => void): () => void {
  const streams: CapturedStream[] = [];
  for (const name of ['stdout', 'stderr'] as const) {
    const stream = new CapturedStream((chunk) => text(name, chunk));
    Object.defineProperty(stream, 'fd', { value: name === 'stdout' ? 1 : 2 });
    Object.defineProperty(stream, 'write', {
      value: stream.write.bind(stream),
      writable: false,
      configurable: false,
    });
    Object.defineProperty(process, name, {
      value: stream,
      enumerable: true,
      writable: false,
      configurable: false,
    });
    streams.push(stream);
  }
  return () => streams.forEach((stream) => stream.finishCharacter());
}

/** Calls `barrier` around every program that a cell runs synchronously, so that its output takes its place in the order. */
export function orderChildOutput(barrier: () => void): void {
  for (const name of ['spawnSync', 'execSync', 'execFileSync'] as const) {
    const original = childProcess[name] as (...values: unknown[]) => unknown;
    const ordered = (...values: unknown[]) => {
      try {
        return original(...values);
      } finally {
        barrier();
      }
    };
    Object.assign(childProcess, { [name]: ordered });
  }
  syncBuiltinESMExports();
}

class CapturedStream extends Writable {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  constructor(private readonly text: (chunk: string) => void) {
    super();
  }

  /** Bypasses the queue of the stream: what is written has left the process when this returns. */
  override write(chunk: unknown, encoding?: unknown, callback?: unknown): boolean {
    const done = typeof encoding === 'function' ? encoding : callback;
    const text = this.decode(() => {
      const bytes =
        typeof chunk === 'string' ? bytesOf(chunk, encoding as BufferEncoding) : (chunk as Uint8Array);
      return this.decoder.decode(bytes, { stream: true });
    });
    if (text) this.text(text);
    if (typeof done === 'function') process.nextTick(done);
    return true;
  }

  /** Throws when the last character was written in part only. */
  finishCharacter(): void {
    this.decode(() => this.decoder.decode());
  }

  private decode(read: () => string): string {
    try {
      return read();
    } catch (error) {
      if (
        !(error instanceof TypeError) ||
        !('code' in error) ||
        error.code !== 'ERR_ENCODING_INVALID_ENCODED_DATA'
      )
        throw error;
      throw new TypeError('the output is not UTF-8: write text, or show bytes as an image or in base64');
    }
  }
}
