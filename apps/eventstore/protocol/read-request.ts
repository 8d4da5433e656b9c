import { Reader } from '../protobuf/reader';
import { readStreamIdentifier } from './stream-identifier';

export type From = { at: 'start' } | { at: 'end' } | { at: 'value'; value: bigint };

export interface FilterOptions {
  on: 'stream' | 'type' | undefined;
  regex: string | undefined;
  prefixes: string[];
  /** Events considered before the server must say something; undefined when nothing is said of it. */
  window: number | 'open' | undefined;
  checkpointMultiplier: number;
}

export interface ReadOptions {
  source: { kind: 'stream'; stream: string; from: From } | { kind: 'all'; from: From } | undefined;
  backwards: boolean;
  resolveLinks: boolean;
  amount: { kind: 'count'; count: bigint } | { kind: 'subscription' } | undefined;
  filter: FilterOptions | 'none' | undefined;
  structuredIds: boolean | undefined;
  /** Above 0 a client understands to be told where a stream begins and ends. */
  compatibility: number;
}

/** Reads a ReadReq; undefined when it has no options at all. */
export const readReadRequest = (request: Reader): ReadOptions | undefined => {
  let options: ReadOptions | undefined;
  while (request.next()) {
    if (request.field === 1) options = readOptions(request.message());
    else request.skip();
  }
  return options;
};

const readOptions = (reader: Reader): ReadOptions => {
  const options: ReadOptions = {
    source: undefined,
    backwards: false,
    resolveLinks: false,
    amount: undefined,
    filter: undefined,
    structuredIds: undefined,
    compatibility: 0,
  };
  while (reader.next()) readOption(reader, options);
  return options;
};

const readOption = (reader: Reader, options: ReadOptions): void => {
  switch (reader.field) {
    case 1:
      options.source = readStreamSource(reader.message());
      return;
    case 2:
      options.source = { kind: 'all', from: readAllFrom(reader.message()) };
      return;
    case 3:
      options.backwards = reader.uint32() === 1;
      return;
    case 4:
      options.resolveLinks = reader.bool();
      return;
    case 5:
      options.amount = { kind: 'count', count: reader.uint64() };
      return;
    case 6:
      reader.skip();
      options.amount = { kind: 'subscription' };
      return;
    case 7:
      options.filter = readFilter(reader.message());
      return;
    case 8:
      reader.skip();
      options.filter = 'none';
      return;
    case 9:
      options.structuredIds = readIdForm(reader.message());
      return;
    case 10:
      options.compatibility = readCompatibility(reader.message());
      return;
    default:
      reader.skip();
  }
};

const readStreamSource = (reader: Reader): { kind: 'stream'; stream: string; from: From } => {
  let stream = '';
  let from: From = { at: 'start' };
  while (reader.next()) {
    if (reader.field === 1) stream = readStreamIdentifier(reader.message());
    else if (reader.field === 2) from = fromValue(reader.uint64());
    else {
      if (reader.field === 3) from = { at: 'start' };
      if (reader.field === 4) from = { at: 'end' };
      reader.skip();
    }
  }
  return { kind: 'stream', stream, from };
};

const readAllFrom = (reader: Reader): From => {
  let from: From = { at: 'start' };
  while (reader.next()) {
    if (reader.field === 1) from = fromValue(readCommitPosition(reader.message()));
    else {
      if (reader.field === 2) from = { at: 'start' };
      if (reader.field === 3) from = { at: 'end' };
      reader.skip();
    }
  }
  return from;
};

/** The largest number there is stands for the end. */
export const endValue = (1n << 64n) - 1n;
const fromValue = (value: bigint): From => (value === endValue ? { at: 'end' } : { at: 'value', value });

const readCommitPosition = (reader: Reader): bigint => {
  let commit = 0n;
  while (reader.next()) {
    if (reader.field === 1) commit = reader.uint64();
    else reader.skip();
  }
  return commit;
};

export const readFilter = (reader: Reader): FilterOptions => {
  const filter: FilterOptions = {
    on: undefined,
    regex: undefined,
    prefixes: [],
    window: undefined,
    checkpointMultiplier: 0,
  };
  while (reader.next()) {
    if (reader.field === 1 || reader.field === 2) {
      filter.on = reader.field === 1 ? 'stream' : 'type';
      readExpression(reader.message(), filter);
    } else if (reader.field === 3) filter.window = reader.uint32();
    else if (reader.field === 5) filter.checkpointMultiplier = reader.uint32();
    else {
      if (reader.field === 4) filter.window = 'open';
      reader.skip();
    }
  }
  return filter;
};

const readExpression = (reader: Reader, filter: FilterOptions): void => {
  while (reader.next()) {
    if (reader.field === 1) filter.regex = reader.string();
    else if (reader.field === 2) filter.prefixes.push(reader.string());
    else reader.skip();
  }
};

const readIdForm = (reader: Reader): boolean => {
  let structured = false;
  while (reader.next()) {
    structured = reader.field === 1;
    reader.skip();
  }
  return structured;
};

const readCompatibility = (reader: Reader): number => {
  let compatibility = 0;
  while (reader.next()) {
    if (reader.field === 1) compatibility = reader.uint32();
    else reader.skip();
  }
  return compatibility;
};
