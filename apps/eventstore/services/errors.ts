import { Status, StatusError } from '../grpc/status';
import { Stopping, WriteRefused } from '../log/append';
import type { Expected } from '../log/commit-check';

/** Errors that end a call, with the trailers by which the client knows them. */
export const streamDeleted = (stream: string): StatusError =>
  new StatusError(Status.failedPrecondition, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });

const expectedNumbers = { any: -2n, no_stream: -1n, stream_exists: -4n } as const;
const expectedNumber = (expected: Expected): bigint =>
  expected.kind === 'revision' ? BigInt.asIntN(64, expected.revision) : expectedNumbers[expected.kind];

export const wrongExpectedVersion = (stream: string, expected: Expected, head: number): StatusError =>
  new StatusError(
    Status.failedPrecondition,
    `Append failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expectedNumber(expected)}, Actual version: ${head}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': String(expectedNumber(expected)),
      'actual-version': String(head),
    },
  );

/** Data bytes of one append; inclusive, metadata not counted, as on the real 24.6. */
export const appendBytesMax = 1_048_576;

export const maximumAppendSizeExceeded = (): StatusError =>
  new StatusError(Status.invalidArgument, `Maximum Append Size of ${appendBytesMax} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(appendBytesMax),
  });

export const requiredMetadataMissing = (): StatusError =>
  new StatusError(Status.invalidArgument, 'Required Metadata Property is Missing', {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });

export const invalidArgument = (message: string): StatusError => new StatusError(Status.invalidArgument, message);

/** What the real server throws without a status of its own arrives as UNKNOWN, with a sentence that clients look for. */
export const unknown = (message: string): StatusError =>
  new StatusError(Status.unknown, `Exception was thrown by handler. ${message}`);

/** What a call ends with when the writer could not take its append. */
export const writeFailure = (error: unknown): unknown => {
  if (error instanceof WriteRefused) return new StatusError(Status.resourceExhausted, error.message);
  return error instanceof Stopping ? new StatusError(Status.unavailable, error.message) : error;
};
