import type { Expected } from '../log/commit-check';
import { Writer } from '../protobuf/writer';

const position = (at: number): Writer => new Writer().uint(1, at).uint(2, at);

export const appendSuccess = (revision: number, at: number | undefined): Buffer => {
  const success = new Writer();
  if (revision < 0) success.empty(2);
  else success.uint(1, revision);
  if (at === undefined) success.empty(4);
  else success.message(3, position(at));
  return new Writer().message(1, success).finish();
};

/** The refusal of the Append call: an answer, not an error. Fields 1 to 5 are for clients older than 20.6.1. */
export const appendWrongExpectedVersion = (expected: Expected, head: number): Buffer => {
  const body = new Writer();
  if (head < 0) body.empty(2).empty(7);
  else body.uint(1, head).uint(6, head);
  switch (expected.kind) {
    case 'revision':
      body.uint(3, expected.revision).uint(8, expected.revision);
      break;
    case 'any':
      body.empty(4).empty(9);
      break;
    case 'stream_exists':
      body.empty(5).empty(10);
      break;
    case 'no_stream':
      body.empty(11);
      break;
  }
  return new Writer().message(2, body).finish();
};

/** The shared message that a refused batch carries as its detail. */
export const wrongExpectedVersionDetail = (expected: Expected, head: number): Writer => {
  const body = new Writer();
  if (head < 0) body.empty(2);
  else body.uint(1, head);
  switch (expected.kind) {
    case 'revision':
      return body.uint(3, expected.revision);
    case 'any':
      return body.empty(4);
    case 'stream_exists':
      return body.empty(5);
    case 'no_stream':
      return body.empty(6);
  }
};

/** The answer of Delete and Tombstone. */
export const deleteSuccess = (at: number | undefined): Buffer =>
  (at === undefined ? new Writer().empty(2) : new Writer().message(1, position(at))).finish();
