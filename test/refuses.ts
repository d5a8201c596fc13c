import { expect } from 'chai';
import type { GradbookError } from '../src/tensor/error.js';

type ErrorClass = new (message: string) => GradbookError;

export type Refusal = readonly [because: string, call: () => unknown, error: ErrorClass, message: RegExp];

/** One test a row: the call throws an error of the class, with the message. */
export function itRefuses(table: readonly Refusal[]): void {
  for (const [because, call, error, message] of table) {
    it(`refuses ${because}`, () => {
      expect(call).to.throw(error, message);
    });
  }
}
