import type { Reader } from '../protobuf/reader';
import { readStreamIdentifier } from '../protocol/stream-identifier';
import { readUuid } from '../protocol/uuid';
import type { NackAction } from './group';
import { int32 } from './numbers';
import { allStream } from './settings';

export type ConnectRequest =
  | { kind: 'options'; stream: string; group: string; slots: number; structuredIds: boolean }
  | { kind: 'ack'; ids: string[] }
  | { kind: 'nack'; ids: string[]; action: NackAction; reason: string };

/** Reads one message of the Read call; undefined when there is nothing in it. */
export const readConnectRequest = (request: Reader): ConnectRequest | undefined => {
  let content: ConnectRequest | undefined;
  while (request.next()) {
    if (request.field === 1) content = readOptions(request.message());
    else if (request.field === 2) content = { kind: 'ack', ids: readAnswer(request.message()).ids };
    else if (request.field === 3) content = { kind: 'nack', ...readAnswer(request.message()) };
    else request.skip();
  }
  return content;
};

const readOptions = (reader: Reader): ConnectRequest => {
  const options = { kind: 'options' as const, stream: '', group: '', slots: 0, structuredIds: true };
  while (reader.next()) {
    if (reader.field === 1) options.stream = readStreamIdentifier(reader.message());
    else if (reader.field === 2) options.group = reader.string();
    else if (reader.field === 3) options.slots = int32(reader);
    else if (reader.field === 4) options.structuredIds = readIdForm(reader.message());
    else {
      if (reader.field === 5) options.stream = allStream;
      reader.skip();
    }
  }
  return options;
};

const readIdForm = (reader: Reader): boolean => {
  let structured = true;
  while (reader.next()) {
    structured = reader.field !== 2;
    reader.skip();
  }
  return structured;
};

const actions: readonly NackAction[] = ['unknown', 'park', 'retry', 'skip', 'stop'];

/** The ids of an ack or a nack; field 1 names the subscription, which the call knows. */
const readAnswer = (reader: Reader): { ids: string[]; action: NackAction; reason: string } => {
  const answer: { ids: string[]; action: NackAction; reason: string } = { ids: [], action: 'unknown', reason: '' };
  while (reader.next()) {
    if (reader.field === 2) {
      const id = readUuid(reader.message());
      if (id !== undefined) answer.ids.push(id);
    } else if (reader.field === 3) answer.action = actions[reader.uint32()] ?? 'skip';
    else if (reader.field === 4) answer.reason = reader.string();
    else reader.skip();
  }
  return answer;
};
