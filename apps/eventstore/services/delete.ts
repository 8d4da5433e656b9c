import { unary, type Method } from '../grpc/grpc-server';
import { isInvalidStreamName } from '../log/names';
import { Reader } from '../protobuf/reader';
import { readTargetOptions, type TargetOptions } from '../protocol/append-request';
import { deleteSuccess } from '../protocol/append-response';
import { invalidArgument, streamDeleted, unknown, writeFailure, wrongExpectedVersion } from './errors';
import type { Store } from './store';

/** Delete (soft) and Tombstone (for ever): the same request and answers. */
export const deletion = ({ log }: Store, kind: 'delete' | 'tombstone'): Method =>
  unary(async (request) => {
    const { stream, expected } = readOptions(request);
    if (expected === undefined) throw invalidArgument('the expected revision is missing');
    if (stream === undefined) throw unknown('the stream is missing');
    if (isInvalidStreamName(stream)) throw unknown(`'${stream}' is no stream name`);
    const result = await log.write({ kind, stream, expected }).catch((error: unknown) => {
      throw writeFailure(error);
    });
    switch (result.outcome) {
      case 'written':
      case 'repeated':
        return deleteSuccess(result.position);
      case 'wrong-expected-version':
        throw wrongExpectedVersion(stream, expected, result.head);
      case 'deleted':
        throw streamDeleted(stream);
    }
  });

const readOptions = (request: Buffer): TargetOptions => {
  const reader = new Reader(request);
  let options: TargetOptions = {};
  while (reader.next()) {
    if (reader.field === 1) options = readTargetOptions(reader.message());
    else reader.skip();
  }
  return options;
};
