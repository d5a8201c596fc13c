import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { readConnection } from '../../../src/notebook/kernel/connection.js';
import { History } from '../../../src/notebook/kernel/history.js';
import { MessageCodec, RejectedMessage } from '../../../src/notebook/kernel/message.js';
import { toCharacters, toCodeUnits } from '../../../src/notebook/kernel/text-offsets.js';

describe('a connection file', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'gradbook-connection-')), 'kernel.json');
  const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
  const read = (content: unknown, allowRemote = false) => {
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return readConnection(path, allowRemote);
  };

  it('gives the addresses and the key', () => {
    const { addresses, key } = read({ ...ports, ip: '127.0.0.1', transport: 'tcp', key: 'k' });
    expect(addresses.shell).to.equal('tcp://127.0.0.1:1');
    expect(addresses.hb).to.equal('tcp://127.0.0.1:5');
    expect(key).to.equal('k');
  });

  it('may ask for the sockets of one machine', () => {
    expect(read({ ...ports, ip: '/tmp/k', transport: 'ipc' }).addresses.iopub).to.equal('ipc:///tmp/k-2');
  });

  for (const ip of ['0.0.0.0', '*', '192.168.1.5', '127.0.0.1.example.org', '::']) {
    it(`is refused for ${ip}, which others can reach, unless that is allowed`, () => {
      expect(() => read({ ...ports, ip })).to.throw(`the address ${ip} can be reached from other machines`);
      expect(read({ ...ports, ip }, true).addresses.shell).to.include(ip);
    });
  }

  for (const [what, content, message] of [
    ['is no JSON', '{', /not a connection file/],
    ['is no object', [], /no JSON object/],
    ['lacks a port', { ...ports, hb_port: undefined }, /"hb_port" must be a port/],
    ['has a port out of range', { ...ports, hb_port: 70_000 }, /but is 70000/],
    ['asks for another signature', { ...ports, key: 'k', signature_scheme: 'hmac-md5' }, /hmac-md5/],
    ['asks for another transport', { ...ports, transport: 'pgm' }, /"pgm"/],
  ] as const) {
    it(`is refused when it ${what}`, () => {
      expect(() => read(content)).to.throw(message);
    });
  }

  it('is refused when it is not there', () => {
    expect(() => readConnection(join(path, 'none'))).to.throw(/not a connection file/);
  });
});

describe('a message', () => {
  const codec = new MessageCodec('key');
  const written = () => codec.encode([Buffer.from('front')], 'status', { a: 1 }, { msg_id: 'p' }, {});

  it('is read as it was written', () => {
    const { identities, header, content } = new MessageCodec('key').decode(written());
    expect(identities.map(String)).to.deep.equal(['front']);
    expect(header.msg_type).to.equal('status');
    expect(content).to.deep.equal({ a: 1 });
  });

  it('is rejected with another key, and when it comes again', () => {
    const frames = written();
    expect(() => new MessageCodec('other').decode(frames)).to.throw(RejectedMessage, /signature/);
    const reader = new MessageCodec('key');
    reader.decode(frames);
    expect(() => reader.decode(frames)).to.throw(RejectedMessage, /sent before/);
  });

  for (const frame of [3, 4, 5, 6]) {
    it(`is rejected when frame ${frame} was changed on its way`, () => {
      const frames = written().map((bytes, index) => (index === frame ? Buffer.from('{"b":2}') : bytes));
      expect(() => new MessageCodec('key').decode(frames)).to.throw(RejectedMessage, /signature/);
    });
  }
});

describe('the history', () => {
  const history = new History();
  before(() => ['a1', 'b[2', 'a1', 'A9'].forEach((input, index) => history.add(index + 1, input)));
  const find = (request: Record<string, unknown>) => history.find(request).map(([, line]) => line);

  it('gives the tail', () => {
    expect(find({ hist_access_type: 'tail', n: 2 })).to.deep.equal([3, 4]);
    expect(find({ hist_access_type: 'tail', n: 0 })).to.deep.equal([]);
  });

  it('gives a range of the own session only', () => {
    expect(find({ hist_access_type: 'range', session: 0, start: 2, stop: 4 })).to.deep.equal([2, 3]);
    expect(find({ hist_access_type: 'range', session: 1, start: 3, stop: null })).to.deep.equal([3, 4]);
    expect(find({ hist_access_type: 'range', session: -1, start: 1, stop: 9 })).to.deep.equal([]);
  });

  for (const [pattern, lines] of [
    ['a*', [1, 3]],
    ['?1', [1, 3]],
    ['[aA]?', [1, 3, 4]],
    ['[!a]?', [4]],
    ['b[[]2', [2]],
    ['b[2', [2]],
    ['.*', []],
  ] as const) {
    it(`finds ${pattern}`, () => {
      expect(find({ hist_access_type: 'search', pattern })).to.deep.equal(lines);
    });
  }

  it('finds each input once where that is asked for', () => {
    expect(find({ hist_access_type: 'search', pattern: 'a*', unique: true })).to.deep.equal([3]);
    expect(find({ hist_access_type: 'search', pattern: '*', n: 2 })).to.deep.equal([3, 4]);
  });
});

describe('an offset', () => {
  it('is counted in characters by Jupyter and in halves of some by JavaScript', () => {
    expect(toCodeUnits('a𝒙b', 2)).to.equal(3);
    expect(toCharacters('a𝒙b', 3)).to.equal(2);
    expect(toCodeUnits('ab', 9)).to.equal(2);
  });
});
