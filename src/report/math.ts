import katex from 'katex';

/** Sets a formula in HTML with MathML beside it. Throws an Error in the formula's own words when it cannot be set. */
export function mathToHtml(latex: string, displayMode: boolean): string {
  try {
    return katex.renderToString(latex, {
      displayMode,
      output: 'htmlAndMathml',
      throwOnError: true,
      strict: 'error',
    });
  } catch (error) {
    throw new Error(
      `the formula "${latex}" cannot be set: ${(error as Error).message.replace(/^KaTeX parse error: /, '')}`,
    );
  }
}
