/** A thread that runs Typst, so that the page is made at the same time. */
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { parentPort, workerData } from 'node:worker_threads';

/** What is to be set: a source, and the files that it may read. */
export interface TypstJob {
  readonly source: string;
  readonly fonts: readonly Uint8Array[];
  readonly files: readonly { readonly path: string; readonly content: string }[];
}

/** The PDF, which is empty when there is a complaint. */
export interface TypstResult {
  readonly pdf: Uint8Array;
  readonly complaints: readonly string[];
}

interface Diagnostic {
  readonly message: string;
  readonly hints?: readonly string[];
}

parentPort?.postMessage(set(workerData as TypstJob));

function set({ source, fonts, files }: TypstJob): TypstResult {
  const compiler = NodeCompiler.create({
    workspace: '/',
    fontArgs: [{ fontBlobs: fonts.map((font) => Buffer.from(font)) }],
  });
  for (const { path, content } of files) compiler.mapShadow(path, Buffer.from(content));
  compiler.addSource('/report.typ', source);
  const compiled = compiler.compile({ mainFilePath: '/report.typ' });
  const refused = (compiled.takeError() ?? compiled.takeWarnings())?.shortDiagnostics as
    Diagnostic[] | undefined;
  const complaints = (refused ?? []).map(
    ({ message, hints = [] }) =>
      `Typst cannot set the PDF: ${message}${hints.map((hint) => ` (${hint})`).join('')}.`,
  );
  if (compiled.result === null) return { pdf: new Uint8Array(), complaints };
  try {
    return { pdf: compiler.pdf(compiled.result, { pdfStandard: 'ua-1' }), complaints };
  } catch (error) {
    const messages = [...(error as Error).message.matchAll(/message: "([^"]*)"/g)].map(
      ([, message]) => message!,
    );
    const inaccessible = `the PDF is not accessible to everyone: ${[...new Set(messages)].join('; ')}.`;
    return { pdf: new Uint8Array(), complaints: [...complaints, inaccessible] };
  }
}
