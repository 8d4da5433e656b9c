import type { Reader } from '../protobuf/reader';
import { endValue, readFilter, type FilterOptions, type From } from '../protocol/read-request';
import { readStreamIdentifier } from '../protocol/stream-identifier';
import { unknown } from '../services/errors';
import { int32, ticksAsMs } from './numbers';
import { allStream, type GroupDefinition, type GroupSettings } from './settings';

const strategyEnum = ['DispatchToSingle', 'RoundRobin', 'Pinned'];

interface Source {
  stream: string;
  /** Whether `$all` was meant, or a stream that is called so. */
  isAll: boolean;
  startFrom: From | undefined;
  filter: FilterOptions | undefined;
}

interface Settings extends GroupSettings {
  /** Where clients older than 21.10, and the present one for streams, say what to start from. */
  revision: bigint;
}

/** What Create and Update ask for; they number their fields alike, and an update ignores the filter. */
export const readGroupRequest = (request: Reader): GroupDefinition & { isAll: boolean } => {
  let definition: (GroupDefinition & { isAll: boolean }) | undefined;
  while (request.next()) {
    if (request.field === 1) definition = readOptions(request.message());
    else request.skip();
  }
  if (!definition) throw unknown('the options are missing');
  return definition;
};

const readOptions = (reader: Reader): GroupDefinition & { isAll: boolean } => {
  let source: Source | undefined;
  let legacyStream = '';
  let group = '';
  let settings: Settings | undefined;
  while (reader.next()) {
    if (reader.field === 1) legacyStream = readStreamIdentifier(reader.message());
    else if (reader.field === 2) group = reader.string();
    else if (reader.field === 3) settings = readSettings(reader.message());
    else if (reader.field === 4) source = readStreamSource(reader.message());
    else if (reader.field === 5) source = readAllSource(reader.message());
    else reader.skip();
  }
  if (!settings) throw unknown('the settings are missing');
  const { revision, ...known } = settings;
  const { stream, isAll, startFrom, filter } = source ?? { ...legacySource(revision), stream: legacyStream };
  if (!startFrom) throw unknown('the place to start from is missing');
  return { stream, isAll, group, startFrom, startedAt: undefined, filter, settings: known };
};

const legacySource = (revision: bigint): Omit<Source, 'stream'> => ({
  isAll: false,
  startFrom: fromValue(revision),
  filter: undefined,
});

const fromValue = (value: bigint): From => {
  if (value === 0n) return { at: 'start' };
  return value === endValue ? { at: 'end' } : { at: 'value', value };
};

const readStreamSource = (reader: Reader): Source => {
  const source: Source = { stream: '', isAll: false, startFrom: undefined, filter: undefined };
  while (reader.next()) {
    if (reader.field === 1) source.stream = readStreamIdentifier(reader.message());
    else if (reader.field === 2) source.startFrom = fromValue(reader.uint64());
    else {
      if (reader.field === 3) source.startFrom = { at: 'start' };
      if (reader.field === 4) source.startFrom = { at: 'end' };
      reader.skip();
    }
  }
  return source;
};

const readAllSource = (reader: Reader): Source => {
  const source: Source = { stream: allStream, isAll: true, startFrom: undefined, filter: undefined };
  while (reader.next()) {
    if (reader.field === 1) source.startFrom = readPosition(reader.message());
    else if (reader.field === 4) source.filter = readFilter(reader.message());
    else {
      if (reader.field === 2) source.startFrom = { at: 'start' };
      if (reader.field === 3) source.startFrom = { at: 'end' };
      reader.skip();
    }
  }
  return source;
};

const readPosition = (reader: Reader): From => {
  let commit = 0n;
  while (reader.next()) {
    if (reader.field === 1) commit = reader.uint64();
    else reader.skip();
  }
  return fromValue(commit);
};

const readSettings = (reader: Reader): Settings => {
  const settings: Settings = { ...noSettings };
  let named = strategyEnum[0]!;
  while (reader.next()) {
    const read = readers[reader.field];
    if (read) read(settings, reader);
    else if (reader.field === 13) named = enumText(reader.uint32());
    else reader.skip();
  }
  if (settings.strategy === '') settings.strategy = named;
  return settings;
};

const enumText = (value: number): string => strategyEnum[value] ?? String(value);

const noSettings: Settings = {
  resolveLinks: false,
  extraStatistics: false,
  messageTimeoutMs: 0,
  maxRetryCount: 0,
  checkpointAfterMs: 0,
  checkpointCountMin: 0,
  checkpointCountMax: 0,
  subscribersMax: 0,
  liveBufferSize: 0,
  readBatchSize: 0,
  historyBufferSize: 0,
  strategy: '',
  revision: 0n,
};

/** The fields of the settings by number. */
const readers: Record<number, (settings: Settings, reader: Reader) => void> = {
  1: (settings, reader) => (settings.resolveLinks = reader.bool()),
  2: (settings, reader) => (settings.revision = reader.uint64()),
  3: (settings, reader) => (settings.extraStatistics = reader.bool()),
  4: (settings, reader) => (settings.messageTimeoutMs = ticksAsMs(reader)),
  5: (settings, reader) => (settings.maxRetryCount = int32(reader)),
  6: (settings, reader) => (settings.checkpointAfterMs = ticksAsMs(reader)),
  7: (settings, reader) => (settings.checkpointCountMin = int32(reader)),
  8: (settings, reader) => (settings.checkpointCountMax = int32(reader)),
  9: (settings, reader) => (settings.subscribersMax = int32(reader)),
  10: (settings, reader) => (settings.liveBufferSize = int32(reader)),
  11: (settings, reader) => (settings.readBatchSize = int32(reader)),
  12: (settings, reader) => (settings.historyBufferSize = int32(reader)),
  14: (settings, reader) => (settings.messageTimeoutMs = int32(reader)),
  15: (settings, reader) => (settings.checkpointAfterMs = int32(reader)),
  16: (settings, reader) => (settings.strategy = reader.string()),
};
