import { readConnection } from './connection.js';
import { Kernel } from './kernel.js';

/** Serves the front that wrote the connection file until it ends the kernel, or itself ends. Returns the exit code. */
export async function startKernel(connectionFile: string, allowRemote: boolean): Promise<number> {
  const notice = (text: string) => void process.stderr.write(`gradbook kernel: ${text}`);
  const connection = readConnection(connectionFile, allowRemote);
  if (connection.key === '')
    notice('the connection file has no key: anybody on this machine can send cells.\n');
  const kernel = await Kernel.start(process.cwd(), connection, notice);
  const stop = () => void kernel.stop();
  process.on('SIGINT', () => kernel.interrupt());
  process.on('SIGTERM', stop);
  const watch = watchParent(stop);
  await kernel.ended;
  clearInterval(watch);
  const patience = 3000;
  setTimeout(() => process.exit(), patience).unref();
  return 0;
}

/** A front that ends without a word, killed perhaps, leaves its number here; a kernel must not outlive it. */
function watchParent(gone: () => void): NodeJS.Timeout | undefined {
  const parent = process.ppid;
  if (process.env.JPY_PARENT_PID !== String(parent)) return undefined;
  return setInterval(() => {
    if (process.ppid !== parent) gone();
  }, 1000);
}
