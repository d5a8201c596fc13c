/** The process that compiles cells, so that neither the front nor the cells wait for the type checker. */
import { createCellCompiler } from './tslab-adapter.js';
import type { CompilerRequest, CompilerReply } from './compiler.js';

const compiler = createCellCompiler();

process.on('message', ({ id, source, declarations }: CompilerRequest) => {
  reply({ id, cell: compiler.compile(source, declarations) });
});
process.on('disconnect', () => process.exit());
reply({ id: 0 });

function reply(message: CompilerReply): void {
  process.send!(message);
}
