/** The commands of this room; each takes its arguments and returns the exit code. */
export { listCommand } from './list-command.js';
export { runsCommand } from './runs-command.js';
export { trainCommand } from './train-command.js';
