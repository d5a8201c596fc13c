import { expect } from 'chai';
import { constant } from '../../src/tensor/creation.js';
import { ValueError } from '../../src/tensor/error.js';
import { numbersIn, readSafetensors, writeSafetensors } from '../../src/training/safetensors.js';
import { itRefuses } from '../refuses.js';

/** A file as the format's description says: length of the header, header, numbers. */
function fileOf(header: unknown, numbers: ArrayLike<number> = [], length?: number): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(length ?? text.length));
  return new Uint8Array(Buffer.concat([prefix, text, Uint8Array.from(numbers)]));
}

const one = (dtype: string, shape: unknown, data_offsets: unknown) => ({ a: { dtype, shape, data_offsets } });
const read = (header: unknown, numbers?: ArrayLike<number>, length?: number) => () =>
  readSafetensors(fileOf(header, numbers, length), 'w.safetensors');

describe('the safetensors format', () => {
  it('is written as length, header and little-endian numbers, wide ones first', () => {
    const bytes = writeSafetensors(
      {
        b: constant([1, -2], { dtype: 'float32' }),
        a: constant([[3]], { dtype: 'int32' }),
        z: constant(0.5),
      },
      { by: 'us' },
    );
    const length = Number(Buffer.from(bytes).readBigUInt64LE());
    const header = Buffer.from(bytes.subarray(8, 8 + length)).toString();
    expect(header.trimEnd()).to.equal(
      '{"__metadata__":{"by":"us"},"z":{"dtype":"F64","shape":[],"data_offsets":[0,8]},' +
        '"a":{"dtype":"I32","shape":[1,1],"data_offsets":[8,12]},"b":{"dtype":"F32","shape":[2],"data_offsets":[12,20]}}',
    );
    expect(length % 8).to.equal(0);
    expect([...bytes.subarray(8 + length)]).to.deep.equal([0, 0, 0, 0, 0, 0, 0xe0, 0x3f, 3, 0, 0, 0, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]); // prettier-ignore
  });

  it('is read back to the same numbers, from anywhere in a buffer', () => {
    const bytes = writeSafetensors({ b: constant([1, -2], { dtype: 'float32' }), z: constant([[0.5]]) });
    const inside = new Uint8Array(bytes.length + 3);
    inside.set(bytes, 3);
    const { metadata, tensors } = readSafetensors(inside.subarray(3));
    expect(metadata).to.deep.equal({});
    expect(tensors['z']!.shape).to.deep.equal([1, 1]);
    expect(numbersIn(tensors['z']!, 'z')).to.deep.equal(Float64Array.of(0.5));
    expect(numbersIn(tensors['b']!, 'b')).to.deep.equal(Float32Array.of(1, -2));
  });

  it('may be in any order, have blanks behind the header, and kinds of numbers of other programs', () => {
    const header = { b: { dtype: 'BF16', shape: [1], data_offsets: [4, 6] }, ...one('F32', [1], [0, 4]) };
    const { tensors } = readSafetensors(fileOf(`${JSON.stringify(header)}   `, [0, 0, 128, 63, 1, 2]));
    expect(numbersIn(tensors['a']!, 'a')).to.deep.equal(Float32Array.of(1));
    expect(() => numbersIn(tensors['b']!, 'b')).to.throw(ValueError, 'b is stored as BF16, but only F64, F32 and I32 can be read'); // prettier-ignore
  });

  const why = (reason: string) =>
    new RegExp(`^w\\.safetensors: ${reason}.*; the file is cut off, damaged or not in`);
  // prettier-ignore
  itRefuses([
    ['a file without a header', () => readSafetensors(new Uint8Array(7), 'w.safetensors'), ValueError, why('it has 7 bytes')],
    ['a header longer than the file', read({}, [], 99), ValueError, why('its header should take 99 bytes, but the file has 10')],
    ['a header that is no JSON', read('{"a"'), ValueError, why('its header is no JSON object')],
    ['a header that is a list', read('[]'), ValueError, why('its header is no JSON object')],
    ['a tensor without a place', read({ a: { dtype: 'F32', shape: [1] } }), ValueError, why('its header describes a as')],
    ['a negative length', read(one('F32', [-1], [0, 4]), [1, 2, 3, 4]), ValueError, why('its header describes a as')],
    ['an unknown kind of number', read(one('F9', [1], [0, 4]), [1, 2, 3, 4]), ValueError, why('a is of type F9')],
    ['a size that does not fit the shape', read(one('F32', [2], [0, 4]), [1, 2, 3, 4]), ValueError, why('a of type F32 and shape \\(2,\\) takes 8 bytes, not 4')],
    ['a gap', read(one('F32', [1], [4, 8]), [1, 2, 3, 4, 5, 6, 7, 8]), ValueError, why('its tensors leave a gap or overlap at byte 0')],
    ['tensors that overlap', read({ ...one('F32', [1], [0, 4]), b: { dtype: 'F32', shape: [1], data_offsets: [2, 6] } }, [1, 2, 3, 4, 5, 6]), ValueError, why('its tensors leave a gap or overlap at byte 4')],
    ['numbers that are cut off', read(one('F32', [1], [0, 4]), [1, 2, 3]), ValueError, why('its tensors take 4 bytes, but there are 3')],
    ['bytes too many', read(one('F32', [1], [0, 4]), [1, 2, 3, 4, 5]), ValueError, why('its tensors take 4 bytes, but there are 5')],
  ]);
});
