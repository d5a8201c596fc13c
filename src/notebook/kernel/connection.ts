import { readFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';

import { UsageError } from '../notebook-file.js';

const channels = ['shell', 'iopub', 'stdin', 'control', 'hb'] as const;
export type ChannelName = (typeof channels)[number];

/** Where a front expects the kernel, and the key that both sign with. */
export interface Connection {
  readonly addresses: Readonly<Record<ChannelName, string>>;
  readonly ports: Readonly<Record<ChannelName, number>>;
  /** Empty when the front asked for messages without signatures. */
  readonly key: string;
}

/**
 * Reads a connection file that a front has written. Throws UsageError when it is none, when it asks for another
 * signature than HMAC-SHA256, or, without `allowRemote`, for an address that other machines can reach.
 */
export function readConnection(path: string, allowRemote = false): Connection {
  const file = readObject(path);
  const transport = text(path, file, 'transport', 'tcp');
  const ip = text(path, file, 'ip', '127.0.0.1');
  const scheme = text(path, file, 'signature_scheme', 'hmac-sha256');
  const key = text(path, file, 'key', '');
  if (transport !== 'tcp' && transport !== 'ipc')
    throw new UsageError(
      `${path}: the transport is ${JSON.stringify(transport)}; this kernel knows "tcp" and "ipc".`,
    );
  if (key !== '' && scheme !== 'hmac-sha256')
    throw new UsageError(
      `${path}: the signature_scheme is ${JSON.stringify(scheme)}; this kernel signs with "hmac-sha256" only.`,
    );
  if (transport === 'tcp' && !isLoopback(ip) && !allowRemote)
    throw new UsageError(
      `${path}: the address ${ip} can be reached from other machines, and a kernel runs what it is sent. ` +
        'Use 127.0.0.1, or start the kernel with --allow-remote.',
    );
  const ports = forEachChannel((name) => portOf(path, file, name));
  const host = ip.includes(':') && transport === 'tcp' ? `[${ip}]` : ip;
  const separator = transport === 'tcp' ? ':' : '-';
  const addresses = forEachChannel((name) => `${transport}://${host}${separator}${ports[name]}`);
  return { addresses, ports, key };
}

type JsonFile = Readonly<Record<string, unknown>>;

function readObject(path: string): JsonFile {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(
      `${path}: not a connection file: ${(error as Error).message}. A front of Jupyter writes one; start the kernel from there.`,
    );
  }
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content as JsonFile;
  throw new UsageError(`${path}: not a connection file: it holds no JSON object.`);
}

function text(path: string, file: JsonFile, name: string, otherwise: string): string {
  const value = file[name] ?? otherwise;
  if (typeof value === 'string') return value;
  throw new UsageError(`${path}: "${name}" must be a text, but is ${JSON.stringify(value)}.`);
}

function portOf(path: string, file: JsonFile, channel: ChannelName): number {
  const port = file[`${channel}_port`];
  if (typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new UsageError(
    `${path}: "${channel}_port" must be a port from 1 to 65535, but is ${JSON.stringify(port)}.`,
  );
}

function isLoopback(ip: string): boolean {
  return ip === 'localhost' || ip === '::1' || (isIPv4(ip) && ip.startsWith('127.'));
}

function forEachChannel<Value>(value: (name: ChannelName) => Value): Record<ChannelName, Value> {
  return Object.fromEntries(channels.map((name) => [name, value(name)])) as Record<ChannelName, Value>;
}
