import { Reader } from '../protobuf/reader';
import { Writer } from '../protobuf/writer';

const canonical = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const bare = /^[0-9a-f]{32}$/;
export const nilId = '00000000-0000-0000-0000-000000000000';

/** Reads a UUID message in either form as lower-case text; undefined when it is no UUID. */
export const readUuid = (reader: Reader): string | undefined => {
  let text: string | undefined;
  while (reader.next()) {
    if (reader.field === 1) text = readStructured(reader.message());
    else if (reader.field === 2) text = normalise(reader.string());
    else reader.skip();
  }
  return text;
};

const normalise = (text: string): string | undefined => {
  const lower = text.toLowerCase();
  if (canonical.test(lower)) return lower;
  return bare.test(lower) ? dashed(lower) : undefined;
};

const readStructured = (reader: Reader): string => {
  let most = 0n;
  let least = 0n;
  while (reader.next()) {
    if (reader.field === 1) most = reader.uint64();
    else if (reader.field === 2) least = reader.uint64();
    else reader.skip();
  }
  return dashed(most.toString(16).padStart(16, '0') + least.toString(16).padStart(16, '0'));
};

const dashed = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;

export const structuredUuid = (id: string): Writer => {
  const hex = id.replaceAll('-', '');
  const halves = new Writer().uint(1, BigInt(`0x${hex.slice(0, 16)}`)).uint(2, BigInt(`0x${hex.slice(16)}`));
  return new Writer().message(1, halves);
};
