/** A file to be downloaded. */
export interface Download {
  readonly file: string;
  /** The first is tried first. */
  readonly urls: readonly [string, ...string[]];
  readonly bytes: number;
  readonly sha256: string;
  /** As its authors have published it. */
  readonly md5: string;
}

/** A published set of pictures: what is downloaded, where it lies, and how its files are known. */
export interface ImageSource {
  /** What `gradbook data fetch` calls it. */
  readonly name: 'cifar10' | 'mnist';
  readonly title: string;
  /** The folder inside the data folder. */
  readonly folder: string;
  readonly downloads: readonly Download[];
  /** The files that are read, with the SHA-256 of each. */
  readonly training: readonly SourceFile[];
  readonly validation: readonly SourceFile[];
}

export interface SourceFile {
  readonly file: string;
  readonly sha256: string;
}

/** CIFAR-10 by Krizhevsky, Nair and Hinton: 50,000 and 10,000 pictures of 32x32 in 10 classes; an archive of six files. */
export const cifar10Source: ImageSource = {
  name: 'cifar10',
  title: 'CIFAR-10',
  folder: 'cifar-10-batches-bin',
  downloads: [
    {
      file: 'cifar-10-binary.tar.gz',
      urls: ['https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz'],
      bytes: 170_052_171,
      sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
      md5: 'c32a1d4ab5d03f1284b67883e8d87530',
    },
  ],
  training: [
    {
      file: 'data_batch_1.bin',
      sha256: 'cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5',
    },
    {
      file: 'data_batch_2.bin',
      sha256: 'a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed',
    },
    {
      file: 'data_batch_3.bin',
      sha256: 'bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67',
    },
    {
      file: 'data_batch_4.bin',
      sha256: '014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48',
    },
    {
      file: 'data_batch_5.bin',
      sha256: '755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add',
    },
  ],
  validation: [
    {
      file: 'test_batch.bin',
      sha256: '8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b',
    },
  ],
};

/** MNIST by LeCun, Cortes and Burges: 60,000 and 10,000 digits of 28x28; pictures and labels in a file each. */
export const mnistSource: ImageSource = {
  name: 'mnist',
  title: 'MNIST',
  folder: 'mnist',
  downloads: [
    digits('train-images-idx3-ubyte.gz', {
      bytes: 9_912_422,
      sha256: '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609',
      md5: 'f68b3c2dcbeaaa9fbdd348bbdeb94873',
    }),
    digits('train-labels-idx1-ubyte.gz', {
      bytes: 28_881,
      sha256: '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c',
      md5: 'd53e105ee54ea40749a09fcbcd1e9432',
    }),
    digits('t10k-images-idx3-ubyte.gz', {
      bytes: 1_648_877,
      sha256: '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6',
      md5: '9fb629c4189551a2d022fa330f9573f3',
    }),
    digits('t10k-labels-idx1-ubyte.gz', {
      bytes: 4_542,
      sha256: 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6',
      md5: 'ec29112dd5afa0611ce80d1b7f02629c',
    }),
  ],
  get training() {
    return this.downloads.slice(0, 2);
  },
  get validation() {
    return this.downloads.slice(2);
  },
};

/** The sources by name. */
export const imageSources: Readonly<Record<ImageSource['name'], ImageSource>> = {
  cifar10: cifar10Source,
  mnist: mnistSource,
};

/** The authors' own server often refuses, so that a copy of PyTorch comes first. */
function digits(file: string, sums: Pick<Download, 'bytes' | 'sha256' | 'md5'>): Download {
  const copies = [
    'https://ossci-datasets.s3.amazonaws.com/mnist/',
    'https://storage.googleapis.com/cvdf-datasets/mnist/',
  ];
  return { file, urls: [`${copies[0]}${file}`, `${copies[1]}${file}`], ...sums };
}
