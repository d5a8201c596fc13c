import { tex2typst } from 'tex2typst';

/** Turns a formula from LaTeX into Typst. Throws an Error that quotes the formula when it cannot. */
export function mathToTypst(latex: string): string {
  const prepared = replacements.reduce(
    (text, [pattern, replacement]) => text.replace(pattern, replacement),
    latex,
  );
  try {
    return tex2typst(prepared).replaceAll('dot.circle', 'dot.o').replaceAll('& &', '& quad &');
  } catch (error) {
    throw new Error(`the formula "${latex}" cannot be set in the PDF: ${(error as Error).message}`);
  }
}

/** What the translator does not know, in words that it does. */
const replacements: readonly (readonly [RegExp, string])[] = [
  [/\\[lr]Vert(?![a-zA-Z])/g, '\\|'],
  [/\\[lr]vert(?![a-zA-Z])/g, '|'],
  [/\\(?:big|Big|bigg|Bigg)[lrm]?(?![a-zA-Z])/g, ''],
  [/\\!/g, ''],
  [/\{,\}/g, '\\text{,}'],
  [/\\arg\s*\\?,?\s*\\?(min|max)(?![a-zA-Z])/g, '\\operatorname{arg\\,$1}'],
  [/\\mathrm\{([A-Za-z]{2,})\}/g, '\\operatorname{$1}'],
  [/\\[td]frac(?![a-zA-Z])/g, '\\frac'],
];
