import { createRequire } from 'node:module';

import type * as ZeroMQ from 'zeromq';

import type { Connection } from './connection.js';
import { MessageCodec, RejectedMessage, type Content, type Message } from './message.js';

export type RequestChannel = 'shell' | 'control';

export interface ChannelEvents {
  request(channel: RequestChannel, message: Message): void;
  /** A message was dropped; the reason completes "dropped a message: ". */
  rejected(reason: string): void;
}

/** The five sockets of a kernel. What is sent on one socket arrives in order. */
export class Channels {
  private readonly codec: MessageCodec;
  private closed = false;
  private readonly sending = new Map<object, Promise<void>>();

  private constructor(
    key: string,
    private readonly sockets: Sockets,
    private readonly events: ChannelEvents,
  ) {
    this.codec = new MessageCodec(key);
  }

  /** Binds the sockets where the front expects them; throws when an address is taken. */
  static async open(connection: Connection, events: ChannelEvents): Promise<Channels> {
    const zmq = createRequire(import.meta.url)('zeromq') as typeof ZeroMQ;
    // Nothing is dropped because a front reads slowly, and what was sent last still leaves when the kernel ends.
    const options = { sendHighWaterMark: 0, receiveHighWaterMark: 0, linger: 1000 };
    const sockets: Sockets = {
      iopub: new zmq.Publisher({ sendHighWaterMark: 0, linger: 1000 }),
      shell: new zmq.Router(options),
      control: new zmq.Router(options),
      stdin: new zmq.Router(options),
      hb: new zmq.Reply({ linger: 0 }),
    };
    for (const name of ['iopub', 'shell', 'control', 'stdin', 'hb'] as const)
      await sockets[name].bind(connection.addresses[name]);
    const channels = new Channels(connection.key, sockets, events);
    void channels.listen('shell');
    void channels.listen('control');
    void channels.beat();
    return channels;
  }

  /** Tells all fronts something that belongs to a request. */
  publish(type: string, content: Content, parent: Content, metadata: Content = {}): void {
    const topic = Buffer.from(`kernel.${type}`);
    this.send(this.sockets.iopub, this.codec.encode([topic], type, content, parent, metadata));
  }

  /** Answers the front that sent a request. */
  reply(channel: RequestChannel, request: Message, content: Content): void {
    const type = request.header.msg_type.replace(/_request$/, '_reply');
    const { identities, header } = request;
    this.send(this.sockets[channel], this.codec.encode(identities, type, content, header, {}));
  }

  /** Sends what is still to be sent and closes the sockets. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.sending.values());
    for (const socket of Object.values(this.sockets)) (socket as ZeroMQ.Socket).close();
  }

  private async listen(channel: RequestChannel): Promise<void> {
    for await (const frames of this.sockets[channel]) {
      try {
        this.events.request(channel, this.codec.decode(frames));
      } catch (error) {
        if (!(error instanceof RejectedMessage)) throw error;
        this.events.rejected(error.message);
      }
    }
  }

  private async beat(): Promise<void> {
    for await (const frames of this.sockets.hb) {
      try {
        await this.sockets.hb.send(frames);
      } catch (error) {
        if (!this.closed) throw error;
      }
    }
  }

  /** ZeroMQ refuses a second message while the first is on its way into the socket. */
  private send(socket: ZeroMQ.Publisher | ZeroMQ.Router, frames: Uint8Array[]): void {
    if (this.closed) return;
    const earlier = this.sending.get(socket) ?? Promise.resolve();
    const sent = earlier
      .then(() => socket.send(frames))
      .catch((error: unknown) => this.events.rejected(`it could not be sent: ${String(error)}`));
    this.sending.set(socket, sent);
  }
}

interface Sockets {
  readonly iopub: ZeroMQ.Publisher;
  readonly shell: ZeroMQ.Router;
  readonly control: ZeroMQ.Router;
  readonly stdin: ZeroMQ.Router;
  readonly hb: ZeroMQ.Reply;
}
