import type { Reader } from '../protobuf/reader';
import { Writer } from '../protobuf/writer';

/** The name in a StreamIdentifier message. */
export const readStreamIdentifier = (reader: Reader): string => {
  let name = '';
  while (reader.next()) {
    if (reader.field === 3) name = reader.string();
    else reader.skip();
  }
  return name;
};

export const streamIdentifier = (name: string): Writer => new Writer().string(3, name);
