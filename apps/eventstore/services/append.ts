import { framed, type Call } from '../grpc/call';
import { isInvalidStreamName } from '../log/names';
import type { NewEvent } from '../log/record';
import { Reader } from '../protobuf/reader';
import { readProposed, readTargetOptions, type TargetOptions } from '../protocol/append-request';
import { appendSuccess, appendWrongExpectedVersion } from '../protocol/append-response';
import {
  appendBytesMax,
  maximumAppendSizeExceeded,
  requiredMetadataMissing,
  streamDeleted,
  unknown,
  writeFailure,
} from './errors';
import { checkProposed } from './proposed-events';
import type { Store } from './store';

/** One message may be as large as a whole append and its metadata; longer ones end the call. */
export const streamsMessageBytesMax = 16 * 1024 * 1024 - 10_000;
// Metadata is not part of the append's limit, so memory needs a bound of its own.
export const heldBytesMax = 64 * 1024 * 1024;

/** The Append call: options first, then one event a message, and one answer when the client has finished. */
export const append =
  ({ log }: Store) =>
  (call: Call): void => {
    let options: TargetOptions | undefined;
    const events: NewEvent[] = [];
    let bytes = 0;
    let held = 0;
    const onMessage = (message: Buffer): void => {
      const reader = new Reader(message);
      while (reader.next()) {
        if (reader.field === 1) options = readTargetOptions(reader.message());
        else if (reader.field === 2) {
          if (!options) throw unknown('the first message must carry the options');
          const proposal = checkProposed(readProposed(reader.message()));
          if ('missingProperty' in proposal) throw requiredMetadataMissing();
          if ('invalid' in proposal) throw unknown(proposal.invalid);
          events.push(proposal.event);
          bytes += proposal.event.data.length;
          held += message.length;
          call.hold(message.length);
          if (bytes > appendBytesMax || held > heldBytesMax) throw maximumAppendSizeExceeded();
        } else reader.skip();
      }
    };
    call.receive(streamsMessageBytesMax, onMessage, () => void answer());

    const answer = async (): Promise<void> => {
      try {
        call.end(framed(await store()));
      } catch (error) {
        call.fail(writeFailure(error));
      }
    };
    const store = async (): Promise<Buffer> => {
      const { stream, expected } = options ?? {};
      if (stream === undefined || expected === undefined) throw unknown('stream and expected revision are required');
      if (isInvalidStreamName(stream)) throw unknown(`'${stream}' is no stream name`);
      const result = await log.write({ kind: 'append', stream, expected, events, bytes });
      switch (result.outcome) {
        case 'written':
        case 'repeated':
          return appendSuccess(result.revision, result.position);
        case 'wrong-expected-version':
          return appendWrongExpectedVersion(expected, result.head);
        case 'deleted':
          throw streamDeleted(stream);
      }
    };
  };
