import { expect } from 'chai';
import { inflateSync } from 'node:zlib';
import { encodePng } from '../../src/figures/bitmap.js';
import {
  classAccuracies,
  classAccuracyMap,
  confusionMap,
  pictureGrid,
  stepLines,
} from '../../src/figures/index.js';
import { ValueError } from '../../src/tensor/error.js';

const names = ['disc', 'ring', 'square'];
const confusion = [
  [8, 2, 0],
  [0, 10, 0],
  [3, 1, 6],
];

describe('accuracies by class', () => {
  it('are means over trainings, by class and over all instances', () => {
    const perfect = [[5, 0, 0], [0, 5, 0], [0, 0, 5]]; // prettier-ignore
    const { classes, overall } = classAccuracies('both', [confusion, perfect]);
    expect(classes).to.deep.equal([0.9, 1, 0.8]);
    expect(overall).to.equal((0.8 + 1) / 2);
  });

  it('are told by their extremes, and what is not known is counted and left blank', async () => {
    const map = classAccuracyMap([{ name: 'printed', classes: [0.5, undefined, 0], overall: 0.25 }], names);
    expect(map.alt).to.equal(
      'Accuracy by class. printed: 25% of all, from 0% of square to 50% of disc; 1 are not known.',
    );
    const written = [...(await map.toSvg()).matchAll(/>(\d+%)</g)].map(([, text]) => text);
    expect(written).to.deep.equal(['50%', '0%', '25%']);
  });

  it('refuse another number of classes than of names', () => {
    expect(() => classAccuracyMap([{ name: 'a', classes: [1], overall: 1 }], names)).to.throw(
      '"a" has 1 classes, but there are 3 names',
    );
  });
});

describe('a confusion matrix', () => {
  it('names the most frequent mistakes, and gives counts and shares as data', () => {
    const { alt, table } = confusionMap(confusion, names, { what: 'pictures' });
    expect(alt).to.equal(
      'Confusion matrix of 30 pictures: 24 are right, 6 wrong. Most often square taken for disc (3), disc taken for ring (2) and square taken for ring (1).',
    );
    expect(table!.objects()[1]).to.deep.equal({
      class: 'disc',
      answer: 'ring',
      count: 2,
      share: 0.2,
      right: false,
    });
  });

  it('is refused unless it is square and each class has a name', () => {
    expect(() => confusionMap([[1, 2]], names)).to.throw(
      '3 class names need a matrix of 3 by 3, but it is 1 by 2',
    );
  });
});

describe('a bitmap', () => {
  it('is a PNG that holds its pixels, however many, and is always the same bytes', () => {
    const [width, height] = [150, 200]; // more bytes than one block holds
    const rgb = Uint8Array.from({ length: 3 * width * height }, (_, k) => (7 * k) % 256);
    const png = Buffer.from(encodePng({ width, height, rgb }));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).to.deep.equal([width, height]);
    const size = png.readUInt32BE(33);
    const lines = inflateSync(png.subarray(41, 41 + size)); // fails when the checksum is wrong
    const pixels = Array.from({ length: height }, (_, y) =>
      lines.subarray(y * (1 + 3 * width) + 1, (y + 1) * (1 + 3 * width)),
    );
    expect(Buffer.concat(pixels).equals(rgb)).to.equal(true);
    expect(encodePng({ width, height, rgb })).to.deep.equal(new Uint8Array(png));
  });

  it('has the checksums of the format', () => {
    const png = Buffer.from(encodePng({ width: 1, height: 1, rgb: new Uint8Array(3) }));
    expect(png.subarray(-12).toString('hex')).to.equal('0000000049454e44ae426082'); // the same in every PNG
  });

  it('refuses another number of bytes', () => {
    expect(() => encodePng({ width: 2, height: 1, rgb: new Uint8Array(3) })).to.throw(
      '2 by 1 pixels take 6 bytes, but there are 3',
    );
  });
});

describe('a grid of pictures', () => {
  const picture = (channels: readonly number[]) => ({ channels, width: 1, height: 1, lines: ['a', 'b'] });
  const pixelsIn = (svg: string) => {
    const png = Buffer.from(/base64,([^"]+)"/.exec(svg)![1]!, 'base64');
    return [...inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)))].slice(1);
  };

  it('shows the least number black and the largest white, unless a range is given', async () => {
    expect(pixelsIn(await pictureGrid([picture([-1, 0, 1])], { what: 'x' }).toSvg())).to.deep.equal([0, 128, 255]); // prettier-ignore
    const ranged = pictureGrid([picture([-9, 0, 1])], { what: 'x', range: [-2, 2] });
    expect(pixelsIn(await ranged.toSvg())).to.deep.equal([0, 128, 191]);
    expect(ranged.alt).to.equal('x: 1 pictures of 1 by 1 pixels: a b.');
  });

  it('refuses numbers that are no picture of three channels', () => {
    expect(() => pictureGrid([], { what: 'x' })).to.throw(ValueError, 'there is no picture to draw');
    expect(() => pictureGrid([picture([1, 2])], { what: 'x' })).to.throw(
      ValueError,
      'picture 0 (a, b) has 2 numbers, 2 of them finite, but three channels of 1 by 1 pixels take 3',
    );
    expect(() => pictureGrid([picture([1, NaN, 2])], { what: 'x' })).to.throw(ValueError, '2 of them finite');
  });
});

describe('lines over steps', () => {
  const points = [
    { step: 0, value: 2.3 },
    { step: 1, value: 715 },
    { step: 50, value: 0.8 },
  ];

  it('say how each begins and ends, and its peak', () => {
    expect(stepLines([{ title: 'Loss', series: [{ name: 'Adam', points }] }]).alt).to.equal(
      'Loss: Adam 2.3 after 0 steps, 0.8 after 50, at most 715 after 1.',
    );
  });

  it('have a logarithmic axis from one power of ten to another', () => {
    const { spec } = stepLines([{ title: 'Loss', logarithmic: true, series: [{ name: 'Adam', points }] }]);
    const [panel] = (spec as { hconcat: { encoding: { y: { scale: { domain: number[] } } } }[] }).hconcat;
    expect(panel!.encoding.y.scale.domain).to.deep.equal([0.1, 1000]);
  });

  it('refuse nothing, and what an axis cannot show', () => {
    const zero = [{ name: 'Adam', points: [{ step: 3, value: 0 }] }];
    expect(() => stepLines([{ title: 'Loss', series: [] }])).to.throw('the panel "Loss" has no point');
    expect(() => stepLines([{ title: 'Loss', logarithmic: true, series: zero }])).to.throw(
      'in "Loss", Adam is 0 after step 3, which a logarithmic axis cannot show',
    );
  });
});
