import type { Reader } from '../protobuf/reader';

/** An int32 field; the protocol writes negative ones as 64 bits. */
export const int32 = (reader: Reader): number => Number(BigInt.asIntN(32, reader.uint64()));

const ticksPerMs = 10_000n;

/** A number of 100 ns ticks, in whole ms. */
export const ticksAsMs = (reader: Reader): number => Number(BigInt.asIntN(32, reader.int64() / ticksPerMs));
