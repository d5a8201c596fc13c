/** The process that runs cells. Only it runs what a notebook holds; it ends with the notebook. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { moduleBeside, startThread } from '../experiment/thread.js';
import { bundleOf, checkBundle } from './bundle.js';
import { captureStreams, orderChildOutput } from './captured-streams.js';
import { ConsoleWatch } from './console-watch.js';
import { MessageWriter, readLines, writeAll } from './message-channel.js';
import { NoInput } from './no-input.js';
import { cellPositions, filePositions, moduleCellPositions } from './positions.js';
import {
  barrierLine,
  commandDescriptor,
  lostChannelCode,
  messageDescriptor,
  scriptName,
  type Bundle,
  type SessionCommand,
  type SessionMessage,
} from './session-messages.js';
import { StackFrames } from './stack-frames.js';
import { describeThrown } from './thrown-value.js';
import type { CompiledCell } from './compiled-cell.js';
import { createCellExecutor } from './tslab-adapter.js';

/** Kept before a cell can replace them. */
const { setImmediate, setTimeout, performance } = globalThis;
const { parse } = JSON;
const activeResources = process.getActiveResourcesInfo.bind(process);

const commands = new Socket({ fd: commandDescriptor, readable: true, writable: false });
readLines(commands, (line) => obey(parse(line) as SessionCommand));
commands.on('end', () => process.kill(process.pid, 'SIGKILL'));

let token = '';
let writer: MessageWriter;
let marks = 0;
/** Set by the thread when the front interrupts. */
const interrupted = new Int32Array(new SharedArrayBuffer(4));
let resourcesAtStart: string[] = [];
/** The cell that runs; the last one while the notebook drains. */
let current = 0;
let failed = false;
let onFailure: (() => void) | undefined;
const exitProcess = process.exit.bind(process);
let draining: ((left: readonly string[]) => void) | undefined;

const stacks = new StackFrames([dirname(fileURLToPath(import.meta.url)), tslabFolder()]);
/** Gathers what is printed while the session tries out a console. */
let tryout: string | undefined;
const consoleWatch = new ConsoleWatch();
const finishCharacters = captureStreams((name, text) => {
  if (tryout === undefined) send({ type: 'stream', cell: current, name, text });
  else tryout += text;
});
const results: unknown[] = [];
const executor = createCellExecutor({
  result: (value) => results.push(value),
  thrown: (error) => {
    if (!failInterrupted()) fail(error, false);
  },
  display,
});

function obey(command: SessionCommand): void {
  if (command.type === 'start') {
    token = command.token;
    writer = new MessageWriter(messageDescriptor, token);
    watchProcess();
    startWatchThread();
    resourcesAtStart = activeResources();
    send({ type: 'ready' });
  } else if (command.type === 'execute') void execute(command.cell, command.program);
  else void drain(command.limit);
}

async function execute(cell: number, program: CompiledCell): Promise<void> {
  current = cell;
  failed = false;
  results.length = 0;
  stacks.install();
  const before = pendingWork();
  register(cell, program);
  const failure = new Promise<void>((resolve) => {
    onFailure = () => {
      failed = true;
      resolve();
    };
  });
  commands.unref();
  await Promise.race([run(cell, program), failure]);
  onFailure = undefined;
  commands.ref();
  await settle(before);
  finishOutput();
  send({ type: 'done', cell });
}

/** Gives the timers and requests of a cell a moment, so that what they print or throw is still its own. */
async function settle(before: number): Promise<void> {
  const patience = 1000;
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
  const start = performance.now();
  while (!failed && pendingWork() > before && performance.now() - start < patience) {
    await new Promise((resolve) => setTimeout(resolve, 2).unref());
  }
}

function pendingWork(): number {
  return activeResources().filter((name) => /^(Timeout|Immediate|.*Req.*)$/.test(name)).length;
}

async function run(cell: number, program: CompiledCell): Promise<void> {
  const succeeded = await executor.execute(program, scriptName(cell));
  if (!succeeded || results.length === 0) return;
  try {
    const data = await bundleOf(results[0]);
    send({ type: 'result', cell, data, metadata: {} });
  } catch (error) {
    fail(error, false);
  }
}

function register(cell: number, { program, imported }: CompiledCell): void {
  if (program) stacks.addCell(cell, scriptName(cell), cellPositions(program));
  for (const file of imported) {
    const isFile = ['.ts', '.tsx', '.js', '.jsx'].some((end) => existsSync(file.path.replace(/\.js$/, end)));
    stacks.addFile(file.path, isFile ? filePositions(file) : moduleCellPositions(file));
  }
}

/** Ends the process once nothing is left to do; reports what still runs after `limit` milliseconds. */
async function drain(limit: number): Promise<void> {
  const ended = new Promise<readonly string[]>((resolve) => (draining = resolve));
  const timer = setTimeout(() => draining?.(stillActive()), limit);
  timer.unref();
  commands.unref();
  const left = await ended;
  draining = undefined;
  finishOutput();
  send({ type: 'drained', left, exitCode: String(process.exitCode ?? 0) });
}

/** The thread may end the process or interrupt a cell, and does not keep the process alive. */
function startWatchThread(): void {
  const thread = startThread(moduleBeside(import.meta.url, 'watch-thread'), interrupted);
  thread.on('message', () => {
    thread.postMessage('here');
    failInterrupted();
  });
  thread.unref();
  process.on('SIGINT', () => undefined);
}

/** True when the cell had been interrupted. */
function failInterrupted(): boolean {
  if (Atomics.exchange(interrupted, 0, 0) === 0) return false;
  if (onFailure) fail(new Interrupted(), false);
  return true;
}

class Interrupted extends Error {
  override name = 'Interrupted';

  constructor() {
    super('The cell was interrupted.');
  }
}

/** What keeps the process alive, beyond what did before the first cell. */
function stillActive(): string[] {
  const ours = [...resourcesAtStart];
  return activeResources().filter((name) => {
    const index = ours.indexOf(name);
    if (index >= 0) ours.splice(index, 1);
    return index < 0;
  });
}

function watchProcess(): void {
  Object.defineProperty(process, 'stdin', { value: new NoInput(), enumerable: true });
  process.on('uncaughtException', (error) => fail(error, true));
  process.on('unhandledRejection', (reason) => fail(reason, true));
  process.on('beforeExit', () => {
    if (draining) draining([]);
    else if (onFailure) {
      if (!failInterrupted()) failStuck();
      onFailure();
      commands.ref();
    }
  });
  process.on('warning', (warning) => process.stderr.write(`${warning.name}: ${warning.message}\n`));
  orderChildOutput(barrier);
  process.exit = (code) => {
    send({ type: 'exit', call: `process.exit(${code ?? ''})`, frames: stacks.of(new Error()) });
    return exitProcess(code);
  };
}

function fail(error: unknown, late: boolean): void {
  send({ type: 'thrown', error: describeThrown(error, stacks), late });
  onFailure?.();
}

function failStuck(): void {
  const message = 'The cell waits for a promise that nothing can settle any more.';
  send({ type: 'fault', name: 'NeverSettles', message, survived: true });
}

function display(data: Bundle, metadata: Bundle, id?: string, update = false): void {
  checkBundle(data);
  send({ type: 'display', cell: current, data, metadata, ...(id !== undefined && { id, update }) });
}

function clear(wait: boolean): void {
  send({ type: 'clear', cell: current, wait });
}

function progress(text: string): void {
  send({ type: 'progress', text });
}

function finishOutput(): void {
  try {
    finishCharacters();
  } catch (error) {
    fail(error, false);
  }
  const muted = consoleWatch.restore(printed);
  if (muted.length > 0) {
    const message = `${muted.join(', ')} was replaced and loses what it is given. Put it back at the end of the cell.`;
    send({ type: 'fault', name: 'OutputLost', message, survived: true });
  }
  barrier();
}

function printed(call: () => void): string {
  tryout = '';
  call();
  const text = tryout;
  tryout = undefined;
  return text;
}

/** Marks in the inherited descriptors how far their text belongs before the next message. */
function barrier(): void {
  const mark = ++marks;
  let lost = false;
  for (const descriptor of [1, 2]) {
    try {
      writeAll(descriptor, barrierLine(token, mark));
    } catch {
      lost = true;
    }
  }
  send({ type: 'barrier', cell: current, mark, lost });
}

function send(message: SessionMessage): void {
  try {
    writer.write(message);
  } catch {
    process.removeAllListeners('exit');
    exitProcess(lostChannelCode);
  }
}

function tslabFolder(): string {
  return dirname(createRequire(import.meta.url).resolve('tslab'));
}

/** How `show`, `clearOutput`, `claim` and progress lines of the library, which a cell loads on its own, reach this session. */
Object.defineProperty(globalThis, Symbol.for('gradbook.session'), { value: { display, clear, progress } });
