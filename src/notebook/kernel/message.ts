import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

export type Content = Readonly<Record<string, unknown>>;

export interface Header extends Content {
  readonly msg_id: string;
  readonly msg_type: string;
}

/** A message of the Jupyter protocol, as it came from a front. */
export interface Message {
  /** To whom a reply goes, in ZeroMQ's terms. */
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  readonly content: Content;
}

/** A message that is not from the front that owns the connection, or is no message at all: it must not be obeyed. */
export class RejectedMessage extends Error {
  override name = 'RejectedMessage';
}

export const protocolVersion = '5.3';
const delimiter = Buffer.from('<IDS|MSG>');
/** As many signatures as are remembered to recognise a message that is sent again. */
const memory = 65_536;

/** Signs what goes out and checks what comes in, with the key of one connection. */
export class MessageCodec {
  private readonly session = randomUUID();
  private readonly seen = new Set<string>();
  private count = 0;

  /** An empty key turns signatures off, as the protocol says. */
  constructor(private readonly key: string) {}

  /** The frames of a message; `parent` is the header of the request that it answers. */
  encode(
    identities: readonly Uint8Array[],
    type: string,
    content: Content,
    parent: Content,
    metadata: Content,
  ): Uint8Array[] {
    const header: Header = {
      msg_id: `${this.session}_${++this.count}`,
      msg_type: type,
      session: this.session,
      username: 'kernel',
      date: new Date(performance.timeOrigin + performance.now()).toISOString(),
      version: protocolVersion,
    };
    const parts = [header, parent, metadata, content].map((part) => Buffer.from(JSON.stringify(part)));
    return [...identities, delimiter, Buffer.from(this.sign(parts)), ...parts];
  }

  /** The message in frames. Throws RejectedMessage when the signature is wrong or was used before, or when it is malformed. */
  decode(frames: readonly Uint8Array[]): Message {
    const at = frames.findIndex((frame) => delimiter.equals(frame));
    if (at < 0 || frames.length < at + 6) {
      throw new RejectedMessage(`it has ${frames.length} frames, which are no message of Jupyter`);
    }
    const parts = frames.slice(at + 2, at + 6);
    this.authenticate(frames[at + 1]!, parts);
    const [header, , , content] = parts.map(parsePart);
    if (typeof header!.msg_id !== 'string' || typeof header!.msg_type !== 'string') {
      throw new RejectedMessage('its header has no msg_id or no msg_type');
    }
    return { identities: frames.slice(0, at), header: header as Header, content: content! };
  }

  private authenticate(given: Uint8Array, parts: readonly Uint8Array[]): void {
    if (this.key === '') return;
    const signature = this.sign(parts);
    const expected = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new RejectedMessage('its signature is not that of the connection file');
    }
    if (this.seen.has(signature)) throw new RejectedMessage('it was sent before');
    this.seen.add(signature);
    if (this.seen.size > memory) this.seen.delete(this.seen.values().next().value!);
  }

  private sign(parts: readonly Uint8Array[]): string {
    if (this.key === '') return '';
    const hmac = createHmac('sha256', this.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  }
}

function parsePart(part: Uint8Array): Content {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(part).toString());
  } catch (error) {
    throw new RejectedMessage(`it is not JSON: ${(error as Error).message}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Content;
  throw new RejectedMessage('one of its parts is no JSON object');
}
