/** `gradbook train` in a process of its own, to be killed. */
import { trainCommand } from '../../src/experiment/commands.js';

process.exitCode = await trainCommand(process.argv.slice(2));
