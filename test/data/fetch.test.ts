import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { dataCommand, fetchSource } from '../../src/data/fetch-command.js';
import { cifar10 } from '../../src/data/image-files.js';
import { cifar10Source, type ImageSource, mnistSource } from '../../src/data/image-sources.js';
import { GradbookError } from '../../src/tensor/error.js';
import { tarOf } from './tar-files.js';

const sum = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const picture = Buffer.alloc(3073, 7);
const archive = gzipSync(tarOf({ 'inside/a.bin': picture }));
const noise = Buffer.from(Array.from({ length: 50_000 }, (_, k) => (k * k) % 251));

describe('gradbook data fetch', () => {
  let folder: string;
  let server: Server;
  let asked: (string | undefined)[];
  let answer: RequestListener;
  const text: string[] = [];
  const screen = { write: (line: string) => text.push(line) };
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gradbook-fetch-'));
    asked = [];
    text.length = 0;
    server = createServer((request, response) => {
      asked.push(request.headers.range);
      answer(request, response);
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  /** Answers with bytes, as a server that can begin in the middle. */
  const serving =
    (bytes: Uint8Array): RequestListener =>
    (request, response) => {
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      response.writeHead(from > 0 ? 206 : 200).end(bytes.subarray(from));
    };
  const fileOf = (file: string, bytes: Uint8Array) => ({ file, urls: [address()] as [string], bytes: bytes.length, sha256: sum(bytes), md5: 'm' }); // prettier-ignore
  const archived = (): ImageSource => {
    const files = [{ file: 'a.bin', sha256: sum(picture) }];
    return {
      ...cifar10Source,
      downloads: [fileOf('small.tar.gz', archive)],
      training: files,
      validation: files,
    };
  };
  const plain = (): ImageSource => ({ ...mnistSource, downloads: [fileOf('noise.gz', noise)] });
  const place = () => join(folder, 'mnist', 'noise.gz');
  const failure = (source: ImageSource) => fetchSource(source, folder, screen).then(() => 'no failure', (error: unknown) => error); // prettier-ignore

  it('downloads an archive, unpacks it, and the reader finds it', async () => {
    answer = serving(archive);
    await fetchSource(archived(), folder, screen);
    expect(text.join('')).to.match(/small\.tar\.gz: fetched, checksum right\n.*cifar-10-batches-bin: unpacked, checksums right\n$/); // prettier-ignore
    rmSync(join(folder, 'small.tar.gz'));
    expect((await cifar10({ folder, source: archived() })).train.labels.value).to.deep.equal([7]);
  });

  it('fetches nothing that is there', async () => {
    answer = serving(noise);
    await fetchSource(plain(), folder, screen);
    await fetchSource(plain(), folder, screen);
    expect(asked).to.have.length(1);
    expect(text.at(-1)).to.match(/noise\.gz: was there, checksum right\n$/);
  });

  it('goes on where an earlier attempt ended', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': noise.length });
      response.write(noise.subarray(0, 20_000), () => setTimeout(() => response.destroy(), 100));
    };
    expect(String(await failure(plain()))).to.match(/noise\.gz could not be fetched: http/);
    const kept = readFileSync(`${place()}.part`).length;
    expect(kept).to.be.within(1, 20_000);
    answer = serving(noise);
    await fetchSource(plain(), folder, screen);
    expect(asked).to.deep.equal([undefined, `bytes=${kept}-`]);
    expect(sum(readFileSync(place()))).to.equal(sum(noise));
    expect(existsSync(`${place()}.part`)).to.equal(false);
  });

  it('begins anew with a server that cannot go on', async () => {
    answer = (_, response) => response.writeHead(200).end(noise);
    mkdirSync(join(folder, 'mnist'));
    writeFileSync(`${place()}.part`, noise.subarray(0, 100));
    await fetchSource(plain(), folder, screen);
    expect(sum(readFileSync(place()))).to.equal(sum(noise));
  });

  it('tries the next address when one fails', async () => {
    answer = (request, response) => {
      if (request.url === '/gone') response.writeHead(404).end();
      else serving(noise)(request, response);
    };
    const file = { ...fileOf('noise.gz', noise), urls: [`${address()}gone`, address()] as const };
    await fetchSource({ ...plain(), downloads: [file] }, folder, screen);
    expect(sum(readFileSync(place()))).to.equal(sum(noise));
  });

  const changed = Buffer.from(noise).fill(0, 5, 90);
  const bad: readonly [string, () => RequestListener, RegExp][] = [
    ['other bytes, and deletes them', () => serving(changed), /what came is not noise\.gz, its SHA-256 is another; it was deleted/], // prettier-ignore
    [
      'more bytes than the file has',
      () => serving(Buffer.concat([noise, noise])),
      /it sends more than the 50000 bytes/,
    ],
    ['fewer bytes than the file has', () => serving(noise.subarray(0, 10)), /the connection ended after 10 of 50000 bytes; fetch again to go on/], // prettier-ignore
    [
      'an answer that is none',
      () => (_, response) => response.writeHead(503).end(),
      /the server answers 503/,
    ],
  ];
  for (const [what, listener, message] of bad) {
    it(`refuses ${what}; nothing stands under the name, and the way by hand is told`, async () => {
      answer = listener();
      const error = await failure(plain());
      expect(error).to.be.instanceOf(GradbookError);
      expect((error as Error).message).to.match(message).and.to.match(/\nMNIST by hand: .*without network, download elsewhere and place\n {2}http/); // prettier-ignore
      expect((error as Error).message).to.contain(`as ${place()}`);
      expect(existsSync(place())).to.equal(false);
    });
  }

  it('says what is wrong without a network', async () => {
    const file = { ...fileOf('noise.gz', noise), urls: ['http://127.0.0.1:9/'] as const };
    const error = await failure({ ...plain(), downloads: [file] });
    expect((error as Error).message).to.match(
      /could not be fetched: http:\/\/127\.0\.0\.1:9\/: fetch failed/,
    );
  });

  it('leaves a file of another content alone', async () => {
    answer = serving(archive);
    writeFileSync(join(folder, 'small.tar.gz'), 'mine');
    expect(String(await failure(archived()))).to.match(/small\.tar\.gz exists, but is not small\.tar\.gz as it was published/); // prettier-ignore
    expect(readFileSync(join(folder, 'small.tar.gz'), 'utf8')).to.equal('mine');
    expect(asked).to.have.length(0);
  });

  it('draws a line on a terminal while bytes arrive', async () => {
    answer = serving(noise);
    await fetchSource(plain(), folder, { ...screen, isTTY: true });
    expect(text.join('')).to.contain('\r\u001b[Knoise.gz [####################] 100 %, 0.1 of 0.1 MB,');
  });
});

describe('gradbook data', () => {
  const said = async (args: string[]) => {
    const text = { out: '', err: '' };
    const [out, err] = [process.stdout.write.bind(process.stdout), process.stderr.write.bind(process.stderr)];
    process.stdout.write = (chunk) => Boolean((text.out += String(chunk)));
    process.stderr.write = (chunk) => Boolean((text.err += String(chunk)));
    const code = await dataCommand(args).finally(() => {
      process.stdout.write = out;
      process.stderr.write = err;
    });
    return { code, ...text };
  };
  const cases: readonly [string, string[], number, RegExp][] = [
    ['explains itself', ['--help'], 0, /^Usage: gradbook data fetch <cifar10\|mnist>/],
    [
      'knows its data',
      ['fetch', 'imagenet'],
      2,
      /there is no data called "imagenet"; there are cifar10 and mnist/,
    ],
    ['asks for a name', ['fetch'], 2, /there is no data called ""/],
    ['asks for an action', [], 2, /write "gradbook data fetch <cifar10\|mnist>"/],
    ['refuses an unknown option', ['fetch', 'mnist', '--dat', 'x'], 2, /Unknown option '--dat'/],
  ];
  for (const [what, args, code, message] of cases) {
    it(what, async () => {
      const result = await said(args);
      expect(result.code).to.equal(code);
      expect(result.out + result.err).to.match(message);
    });
  }
});
