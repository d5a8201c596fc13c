import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageClassRecords } from '../../src/data/image-classes.js';
import { cifar10Source, type ImageSource } from '../../src/data/image-sources.js';
import { deadUnits } from '../../src/experiment/dead-units.js';
import { experiments } from '../../src/experiment/definitions.js';
import {
  describe as lineFor,
  type Experiment,
  isOfPictures,
  type PictureExperiment,
} from '../../src/experiment/experiment.js';
import { loadData, picturesAtHand } from '../../src/experiment/load-data.js';
import { readExperiment, requireRunnable } from '../../src/experiment/read-experiment.js';
import { runExperiment } from '../../src/experiment/run-experiments.js';
import { withSettings } from '../../src/experiment/settings.js';
import { modelWith, trialWithSnapshots } from '../../src/experiment/snapshots.js';
import { decodeTrial, encodeTrial, trialId } from '../../src/experiment/trial-record.js';
import { dataOf, keepingData, modelOf, runTrial } from '../../src/experiment/trial.js';
import { ConvNet } from '../../src/nn/conv-net.js';
import { random } from '../../src/random/random.js';
import { ValueError } from '../../src/tensor/error.js';
import { identical } from '../../src/tensor/tensor.js';
import { confusionMatrix } from '../../src/training/predictions.js';
import { inFolder } from './small.js';

const few: PictureExperiment = {
  ...experiments['classifier-adam'],
  data: { kind: 'image-classes', train: 24, validation: 20, seed: 0 },
  epochs: 2,
  seeds: 2,
};
const photographs = { kind: 'cifar10', train: 24, validation: 20 } as const;

describe('an experiment with pictures', () => {
  it('keeps the confusion matrix of the validation pictures with the run', async () => {
    const { run, snapshots } = await trialWithSnapshots({ experiment: few, seed: 1 }, [2]);
    const { validation } = dataOf(few, 1);
    const labels = [...validation.labels.data()];
    expect(run.confusion).to.deep.equal(confusionMatrix(modelWith(few, snapshots[0]!.weights), validation));
    run.confusion!.forEach((row, label) => {
      const instances = labels.filter((one) => one === label).length;
      expect(row.reduce((total, count) => total + count, 0)).to.equal(instances);
    });
    const right = run.confusion!.reduce((total, row, label) => total + row[label]!, 0);
    expect(right / validation.size).to.equal(run.history.at(-1)!.validationAccuracy);
  });

  it('has the same bits on worker threads, and comes out of the store as it went in', () =>
    inFolder(async (store) => {
      const { runs } = await runExperiment(few, { store });
      expect(runs[0]).to.deep.equal(await runTrial({ experiment: few, seed: 1 }));
      expect(runs[1]!.fingerprint).not.to.equal(runs[0]!.fingerprint);
      expect((await runExperiment(few, { store })).runs).to.deep.equal(runs);
      const trial = { experiment: few, seed: 2 };
      const id = trialId(trial, 'code');
      expect(decodeTrial(encodeTrial(trial, 'code', runs[1]!), id).run).to.deep.equal(runs[1]);
    }));

  it('keeps the pictures for which it names a seed, and makes them once for trials in a row', () => {
    const data = keepingData();
    const first = data(few, 1);
    expect(data(few, 2)).to.equal(first);
    expect(identical(first.train.x, dataOf(few, 7).train.x)).to.equal(true);
    const varied = { ...few, data: { kind: 'image-classes', train: 24, validation: 20 } as const };
    expect(identical(data(varied, 1).train.x, data(varied, 2).train.x)).to.equal(false);
  });

  it('has the tutorial’s network, or a linear model of all brightnesses', () => {
    expect(modelOf(few)).to.be.instanceOf(ConvNet);
    const linear = modelOf({ ...few, model: { kind: 'linear' } });
    expect(linear.outputShape([3, 32, 32])).to.deep.equal([10]);
    expect(Object.keys(linear.parameters())).to.deep.equal(['layers.1.weight', 'layers.1.bias']);
  });

  it('is told from one with points, and described in a line', () => {
    expect([isOfPictures(few), isOfPictures(experiments.relu)]).to.deep.equal([true, false]);
    expect(lineFor(experiments['classifier-sgd'])).to.equal(
      'conv-net; kaiming-uniform, cross-entropy; sgd rate 0.00025 momentum 0.9; 2 epochs of 3200 pictures of image-classes, 3 seeds',
    );
  });

  it('shows the network after each step', async () => {
    const seen: [number, number][] = [];
    const onStep = (step: number, model: ConvNet) => seen.push([step, model.conv1.bias.data()[0]!]);
    await runTrial({ experiment: few, seed: 1 }, { onStep: (step, model) => onStep(step, model as ConvNet) });
    expect(seen.map(([step]) => step)).to.deep.equal(Array.from({ length: 12 }, (_, k) => k + 1));
    expect(new Set(seen.map(([, bias]) => bias)).size).to.equal(12);
  });
});

describe('an experiment with CIFAR-10', () => {
  const batches = {
    'one.bin': imageClassRecords(random(1), 30),
    'test.bin': imageClassRecords(random(2), 20),
  };
  const files = (file: keyof typeof batches) => [
    { file, sha256: createHash('sha256').update(batches[file]).digest('hex') },
  ];
  const source: ImageSource = { ...cifar10Source, training: files('one.bin'), validation: files('test.bin') };
  const experiment = { ...few, data: photographs };

  it('is trained on the first pictures of the files', () =>
    inFolder(async (folder) => {
      for (const [file, bytes] of Object.entries(batches)) writeFileSync(join(folder, file), bytes);
      const data = await loadData(experiment, 1, { folder, source });
      expect([data.name, data.train.size, data.validation.size]).to.deep.equal(['CIFAR-10', 24, 20]);
      expect(await loadData(experiment, 2, { folder, source })).to.equal(data);
      const { history } = await runTrial({ experiment, seed: 1 }, { data: () => data });
      expect(history).to.have.length(3);
    }));

  it('is chosen when the files are there, and generated pictures otherwise', () =>
    inFolder((folder) => {
      const wanted = { train: 24, validation: 20, seed: 3 };
      expect(picturesAtHand(wanted, { folder, source })).to.deep.equal({ kind: 'image-classes', ...wanted });
      for (const [file, bytes] of Object.entries(batches)) writeFileSync(join(folder, file), bytes);
      expect(picturesAtHand(wanted, { folder, source })).to.deep.equal(photographs);
    }));

  it('says how to get the files when they are not there, and looks for them again', () =>
    inFolder(async (folder) => {
      const failure = await loadData(experiment, 1, { folder, source }).catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(ValueError);
      expect((failure as Error).message).to.match(/there is no one\.bin in .*gradbook data fetch cifar10/s);
      for (const [file, bytes] of Object.entries(batches)) writeFileSync(join(folder, file), bytes);
      expect((await loadData(experiment, 1, { folder, source })).train.size).to.equal(24);
    }));

  it('is refused before any trial when the files are not there, and without having been loaded', async () => {
    const missing = await requireRunnable(experiment).catch((error: unknown) => error);
    expect((missing as Error).message).to.match(
      /^experiment classifier-adam: the files of CIFAR-10 are not all in .*gradbook data fetch/s,
    );
    expect(() => dataOf(experiment, 1)).to.throw(ValueError, 'await loadData(experiment, seed)');
  });
});

describe('pictures and points', () => {
  const refusals: readonly [object, string][] = [
    [
      { model: { kind: 'mlp', hidden: [8], activation: 'relu' } },
      'model.kind is mlp, but data.kind image-classes are pictures, for which there is conv-net and linear; change one of the two',
    ],
    [
      { data: { kind: 'synth', train: 1, validation: 1 } },
      'model.kind is conv-net, but data.kind synth are points, for which there is mlp; change one of the two',
    ],
    [
      { model: { kind: 'conv-net', hidden: [8] } },
      'model.hidden: there is no such field; the fields here are kind, frozen, seed.',
    ],
    [
      { data: { ...photographs, seed: 1 } },
      'data.seed: there is no such field; the fields here are kind, train, validation.',
    ],
    [
      { data: { kind: 'cifar', train: 1, validation: 1 } },
      'data.kind is "cifar", but must be one of synth, image-classes, cifar10. Did you mean "cifar10"?',
    ],
  ];
  for (const [changes, message] of refusals) {
    it(`are kept apart: "${message.slice(0, 60)}…"`, () =>
      expect(() => readExperiment({ ...few, ...changes })).to.throw(ValueError, message));
  }

  it('do not compile where they are mixed', () => {
    // @ts-expect-error a multilayer perceptron takes points
    const perceptron: Experiment = { ...few, model: { kind: 'mlp', hidden: [8], activation: 'relu' } };
    // @ts-expect-error a convolutional network takes pictures
    const convolutions: Experiment = { ...experiments.relu, model: { kind: 'conv-net' } };
    // @ts-expect-error photographs are not drawn
    const drawn: Experiment = { ...few, data: { ...photographs, seed: 1 } };
    expect([perceptron, convolutions, drawn]).to.have.length(3);
  });

  it('can be changed by settings', () => {
    expect(withSettings(few, ['data.train=10', 'model.kind=linear'])).to.deep.include({
      data: { ...few.data, train: 10 },
      model: { kind: 'linear' },
    });
  });
});

describe('dead units of a convolutional network', () => {
  it('are channels that are 0 in every picture, and units of the dense layers', () => {
    const model = modelOf({ ...few, model: { kind: 'conv-net' } }) as ConvNet;
    const { validation } = dataOf(few, 1);
    model.initialize(random(1));
    expect(deadUnits(model, validation)).to.have.length(4);
    expect(deadUnits(model, validation).slice(0, 2)).to.deep.equal([0, 0]);
    model.conv1.bias.assign([-99, 0, -99, 0, 0, 0]);
    model.fc2.bias.assign(new Array<number>(84).fill(-99));
    const dead = deadUnits(model, validation);
    expect([dead[0], dead[3]]).to.deep.equal([2, 84]);
  });
});
