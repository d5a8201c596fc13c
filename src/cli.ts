#!/usr/bin/env node
import { GradbookError } from './tensor/error.js';

interface Command {
  readonly summary: string;
  /** Loaded only when called, so that `gradbook --help` is instant. */
  readonly load: () => Promise<(args: string[]) => Promise<number>>;
}

const commands: Readonly<Record<string, Command>> = {
  start: {
    summary: 'execute every notebook, draw every figure, set the report, compare its claims',
    load: async () => (await import('./report/start-command.js')).startCommand,
  },
  run: {
    summary: 'execute notebooks and write their outputs back',
    load: async () => (await import('./notebook/run-command.js')).runCommand,
  },
  check: {
    summary: 'look for what makes a notebook unreliable, without executing it',
    load: async () => (await import('./notebook/check-command.js')).checkCommand,
  },
  kernel: {
    summary: 'install or start the Jupyter kernel, for JupyterLab, VS Code and others',
    load: async () => (await import('./notebook/kernel/kernel-command.js')).kernelCommand,
  },
  lab: {
    summary: 'open the notebooks in JupyterLab or Jupyter Notebook',
    load: async () => (await import('./notebook/kernel/lab-command.js')).labCommand,
  },
  list: {
    summary: 'list the experiments',
    load: async () => (await import('./experiment/commands.js')).listCommand,
  },
  train: {
    summary: 'train an experiment on many seeds and keep the results',
    load: async () => (await import('./experiment/commands.js')).trainCommand,
  },
  runs: {
    summary: 'list, filter and export the results that are kept',
    load: async () => (await import('./experiment/commands.js')).runsCommand,
  },
  data: {
    summary: 'fetch the files of CIFAR-10 or MNIST',
    load: async () => (await import('./data/fetch-command.js')).dataCommand,
  },
  report: {
    summary: 'draw the figures and set the report from the executed notebooks',
    load: async () => (await import('./report/report-command.js')).reportCommand,
  },
  verify: {
    summary: 'execute everything again elsewhere and compare it with what is committed',
    load: async () => (await import('./report/verify-command.js')).verifyCommand,
  },
};

/** Exit codes: 0 done, 1 a cell or a claim failed, 2 the command cannot be carried out. */
async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(usage());
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    process.stderr.write(`gradbook: there is no command ${JSON.stringify(name)}.\n\n${usage()}`);
    return 2;
  }
  try {
    const run = await command.load();
    return await run(name === 'run' ? args : args.filter((arg) => arg !== '--verbose'));
  } catch (error) {
    process.stderr.write(`gradbook ${name}: ${describe(error, args.includes('--verbose'))}\n`);
    return 2;
  }
}

function usage(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(
    ([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}\n`,
  );
  return `Usage: gradbook <command> [options]\n\n${lines.join('')}\ngradbook <command> --help explains a command.\n`;
}

function describe(error: unknown, verbose: boolean): string {
  if (!(error instanceof Error)) return String(error);
  if (verbose) return error.stack ?? error.message;
  return error instanceof GradbookError ? error.message : `${error.message} (--verbose shows where)`;
}

process.exitCode = await main(process.argv.slice(2));
