import { train } from '../../src/training/train.js';
import { seeded } from '../training/small.js';

/** Run by a test in a process of its own: prints the fingerprint of a training, and its history. */
const { fingerprint, history } = await train(seeded());
process.stdout.write(JSON.stringify({ fingerprint, history }));
