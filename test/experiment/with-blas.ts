/** Given to mocha beside the files of other tests, so that they run with OpenBLAS. */
import { enableBlas } from '../../src/experiment/openblas.js';

before(() => enableBlas());
