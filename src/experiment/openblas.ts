import type { LibraryHandle } from 'koffi';
import { memory, replacedBy, replaceKernels } from '../kernels/index.js';
import { GradbookError } from '../tensor/error.js';
import { productKernels } from './blas-kernels.js';
import type { MatrixProduct, Operand } from './matrix-product.js';

/** Names of the library, as the systems' packages install it. */
const libraryNames: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['libopenblas.so.0', 'libopenblas.so'],
  darwin: [
    '/opt/homebrew/opt/openblas/lib/libopenblas.dylib',
    '/usr/local/opt/openblas/lib/libopenblas.dylib',
    'libopenblas.dylib',
  ],
  win32: ['libopenblas.dll', 'openblas.dll'],
};

const howToInstall =
  'install it (Debian and Ubuntu: apt install libopenblas0-pthread; macOS: brew install openblas) or do without';

// Values of CBLAS's enumerations.
const ROW_MAJOR = 101;
const PLAIN = 111;
const TRANSPOSED = 112;

/** Linux's advice for memory that gains from pages of 2 MiB. */
const MADV_HUGEPAGE = 14;
/** As far as WebAssembly's memory can grow. */
const MOST_BYTES = 65_536 * 65_536;

type Gemm = (...given: number[]) => void;

export interface BlasOptions {
  /** The file of the library; what the system calls it unless said. */
  readonly library?: string;
}

interface OpenBlas {
  readonly description: string;
  readonly sgemm: Gemm;
  readonly dgemm: Gemm;
}

/**
 * Hands large matrix products, and the convolutions that consist of them, to the system's OpenBLAS, until the process ends;
 * on one thread, unless OPENBLAS_NUM_THREADS says otherwise. Says which library it found.
 *
 * It is faster, but its sums differ from processor to processor: fingerprints of runs then begin with `openblas:`, nothing is
 * kept in the store of runs, and `claim` claims nothing.
 * @throws GradbookError when OpenBLAS, or koffi, through which it is called, is not installed.
 * @example console.log(await enableBlas())
 */
export async function enableBlas({ library }: BlasOptions = {}): Promise<string> {
  const names = library === undefined ? (libraryNames[process.platform] ?? []) : [library];
  const { description, sgemm, dgemm } = await load(names);
  if (replacedBy() === undefined) {
    replaceKernels('openblas', {
      float32: productKernels('float32', productWith(sgemm)),
      float64: productKernels('float64', productWith(dgemm)),
    });
  }
  return `Large matrix products go to ${description}: faster, but not the same bits on every machine, so nothing is claimed or stored.`;
}

async function load(names: readonly string[]): Promise<OpenBlas> {
  const koffi = await import('koffi').catch(() => {
    throw new GradbookError(
      'OpenBLAS is called through koffi, which is not installed here; npm install koffi, or do without',
    );
  });
  base = Number(koffi.address(new Uint8Array(memory.buffer)));
  if (process.platform === 'linux') askForLargePages(koffi.load(null));
  for (const name of names) {
    try {
      const library = koffi.load(name);
      if (process.env['OPENBLAS_NUM_THREADS'] === undefined)
        library.func('void openblas_set_num_threads(int)')(1);
      const version = library.func('const char *openblas_get_config()')() as string;
      const gemm = (of: string, number: string): Gemm =>
        library.func(of, 'void', [
          ...['int', 'int', 'int', 'int', 'int', 'int', number],
          ...['uintptr_t', 'int', 'uintptr_t', 'int', number, 'uintptr_t', 'int'],
        ]);
      return {
        description: `${version.split(' ').slice(0, 2).join(' ')} (${name})`,
        sgemm: gemm('cblas_sgemm', 'float'),
        dgemm: gemm('cblas_dgemm', 'double'),
      };
    } catch {
      // not there under this name, or not an OpenBLAS: the next name may be
    }
  }
  throw new GradbookError(
    `no OpenBLAS was found (${names.length > 0 ? `looked for ${names.join(', ')}` : `its name on ${process.platform} is not known`}); ${howToInstall}`,
  );
}

/** Where WebAssembly's memory begins in this process; the address stays when the memory grows, which only adds pages. */
let base = 0;

/** Large matrices lie in so many pages of 4 KiB that the processor looks most of them up anew; Linux has larger ones on request. */
function askForLargePages(system: LibraryHandle): void {
  const madvise = system.func('int madvise(uintptr_t address, size_t bytes, int advice)');
  madvise(base, MOST_BYTES, MADV_HUGEPAGE); // where Linux does not grant it, all stays as it was
}

function productWith(gemm: Gemm): MatrixProduct {
  const side = ({ transposed }: Operand) => (transposed ? TRANSPOSED : PLAIN);
  return ({ m, n, k, a, b, c, accumulate }) => {
    const beta = accumulate ? 1 : 0;
    const [atA, atB, atC] = [base + a.pointer, base + b.pointer, base + c.pointer];
    gemm(ROW_MAJOR, side(a), side(b), m, n, k, 1, atA, a.rowStep, atB, b.rowStep, beta, atC, c.rowStep);
  };
}
