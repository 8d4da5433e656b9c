import { Reader } from '../protobuf/reader';
import { readStreamIdentifier } from '../protocol/stream-identifier';
import { unknown } from '../services/errors';
import type { GroupName } from './failures';
import { allStream } from './settings';

/** Where a request has its options' parts; each of these requests numbers them in its own way. */
interface Fields {
  stream: number;
  all: number;
  group: number;
  stopAt?: number;
  noLimit?: number;
}

export interface NameRequest extends GroupName {
  isAll: boolean;
  stopAt: bigint | 'none' | undefined;
}

const readName = (fields: Fields) => (message: Buffer) => {
  const request = optionsOf(message);
  const name: NameRequest = { stream: '', group: '', isAll: false, stopAt: undefined };
  let isNamed = false;
  while (request.next()) {
    if (request.field === fields.group) name.group = request.string();
    else if (request.field === fields.stopAt) name.stopAt = request.int64();
    else if (request.field === fields.stream) {
      name.stream = readStreamIdentifier(request.message());
      isNamed = true;
    } else {
      if (request.field === fields.noLimit) name.stopAt = 'none';
      if (request.field === fields.all) {
        Object.assign(name, { stream: allStream, isAll: true });
        isNamed = true;
      }
      request.skip();
    }
  }
  if (!isNamed) throw unknown('neither a stream nor $all is named');
  return name;
};

const optionsOf = (message: Buffer): Reader => {
  const request = new Reader(message);
  while (request.next()) {
    if (request.field === 1) return request.message();
    request.skip();
  }
  throw unknown('the options are missing');
};

export const readDeleteRequest = readName({ stream: 1, group: 2, all: 3 });
export const readInfoRequest = readName({ stream: 1, all: 2, group: 3 });
export const readReplayRequest = readName({ group: 1, stream: 2, all: 3, stopAt: 4, noLimit: 5 });

/** The stream whose groups are asked for; undefined for all groups. */
export const readListRequest = (message: Buffer): string | undefined => {
  const options = optionsOf(message);
  let listed: { stream: string | undefined } | undefined;
  while (options.next()) {
    if (options.field === 2) listed = { stream: readStreamOption(options.message()) };
    else {
      if (options.field === 1) listed = { stream: undefined };
      options.skip();
    }
  }
  if (!listed) throw unknown('it is not said which groups to list');
  return listed.stream;
};

const readStreamOption = (reader: Reader): string => {
  let stream: string | undefined;
  while (reader.next()) {
    if (reader.field === 1) stream = readStreamIdentifier(reader.message());
    else {
      if (reader.field === 2) stream = allStream;
      reader.skip();
    }
  }
  if (stream === undefined) throw unknown('neither a stream nor $all is named');
  return stream;
};
