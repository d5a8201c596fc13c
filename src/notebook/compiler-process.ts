/** The process that compiles cells, so that neither the front nor the cells wait for the type checker. */
import { completenessOf } from './cell-help.js';
import { reviewCell } from './cell-review.js';
import { variablesOf } from './cell-variables.js';
import type { CompilerMethods, CompilerReply, CompilerRequest } from './compiler.js';
import { createCellCompiler } from './tslab-adapter.js';

const compiler = createCellCompiler();
const methods: CompilerMethods = {
  compile: (source, declarations) => compiler.compile(source, declarations),
  variables: (declarations) => variablesOf(compiler.typescript, declarations),
  review: (source, declarations) => reviewCell(compiler, source, declarations),
  completions: (source, declarations, offset) => compiler.completions(source, declarations, offset),
  quickInfo: (source, declarations, offset) => compiler.quickInfo(source, declarations, offset),
  completeness: (source) => completenessOf(compiler.typescript, source),
};

process.on('message', ({ id, method, values }: CompilerRequest) => {
  try {
    reply({ id, value: Reflect.apply(methods[method], methods, values) });
  } catch (error) {
    reply({ id, fault: (error as Error).stack ?? String(error) });
  }
});
process.on('disconnect', () => process.exit());
/** A Ctrl-C in the terminal is meant for the front, which ends this process when it wants to. */
process.on('SIGINT', () => undefined);
reply({ id: 0 });

function reply(message: CompilerReply): void {
  process.send!(message);
}
