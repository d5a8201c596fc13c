/** The process that compiles cells, so that neither the front nor the cells wait for the type checker. */
import { reviewCell } from './cell-review.js';
import { variablesOf } from './cell-variables.js';
import type { CompilerMethods, CompilerReply, CompilerRequest } from './compiler.js';
import { createCellCompiler } from './tslab-adapter.js';

const compiler = createCellCompiler();
const methods: CompilerMethods = {
  compile: (source, declarations) => compiler.compile(source, declarations),
  variables: (declarations) => variablesOf(compiler.typescript, declarations),
  review: (source, declarations) => reviewCell(compiler, source, declarations),
};

process.on('message', ({ id, method, values }: CompilerRequest) => {
  try {
    reply({ id, value: Reflect.apply(methods[method], methods, values) });
  } catch (error) {
    reply({ id, fault: (error as Error).stack ?? String(error) });
  }
});
process.on('disconnect', () => process.exit());
reply({ id: 0 });

function reply(message: CompilerReply): void {
  process.send!(message);
}
