import { readFileSync } from 'node:fs';
import type { Displayable, MimeBundle } from '../tensor/display.js';
import { GradbookError } from '../tensor/error.js';
import { declaredSymbols, extractSymbol } from './listing.js';

/** A declaration of this library as it stands in its source file. */
export interface LibrarySource extends Displayable {
  readonly path: string;
  readonly code: string;
  display(): MimeBundle;
}

/**
 * The source of one declaration of this library, with its docstring, to be shown in a notebook.
 * @throws GradbookError when there is no such file, or it declares nothing of this name.
 * @example await show(librarySource('src/kernels/assembly/binary.ts', 'add'))
 */
export function librarySource(path: string, symbol: string): LibrarySource {
  const text = textOf(path);
  const code = extractSymbol(text, symbol)?.code;
  if (code === undefined) {
    throw new GradbookError(`${path} declares no ${symbol}; it declares ${declaredSymbols(text).join(', ')}`);
  }
  return {
    path,
    code,
    display: () => ({
      'text/markdown': `\`${path}\`:\n\n\`\`\`ts\n${code}\n\`\`\``,
      'text/plain': `${path}:\n${code}`,
    }),
  };
}

function textOf(path: string): string {
  try {
    if (!/^src\/(?:[\w-]+\/)*[\w-]+\.ts$/.test(path)) throw new Error('not below src');
    return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  } catch {
    throw new GradbookError(
      `${path} is no source file of the library; give a path such as src/ops/matmul.ts`,
    );
  }
}
