import { callRaw, openSession, samples, type Answer, type Sample, type Sending } from './wire';

/** Spoilt calls to every method, many at a time. */
export interface FuzzReport {
  calls: number;
  /** How often each status came; `none` where the stream was cut or nothing was to be answered. */
  statuses: Record<string, number>;
}

export interface FuzzOptions {
  endpoint: string;
  random(): number;
  isOver(calls: number): boolean;
}

const callsAtOnce = 40;
const callsPerSessionMax = 2_000;
const answerMsMax = 150;

type Chance = (below: number) => number;

const spoilers: ((bytes: Buffer, chance: Chance) => Buffer)[] = [
  (bytes) => bytes,
  (bytes, chance) => {
    const spoilt = Buffer.from(bytes);
    for (let n = 1 + chance(4); n > 0 && spoilt.length > 5; n -= 1)
      spoilt[5 + chance(spoilt.length - 5)]! ^= 1 << chance(8);
    return spoilt;
  },
  // The length in front is right, what it measures is not.
  (bytes, chance) => reframed(bytes.subarray(5, 5 + chance(Math.max(1, bytes.length - 5)))),
  (_, chance) => reframed(Buffer.from(Array.from({ length: chance(200) }, () => chance(256)))),
  (bytes, chance) => {
    const at = 5 + chance(Math.max(1, bytes.length - 5));
    return reframed(Buffer.concat([bytes.subarray(5, at), bytes.subarray(5), bytes.subarray(at)]));
  },
  (bytes, chance) => reframed(bytes.subarray(5).fill(0xff, chance(Math.max(1, bytes.length - 5)))),
  // A length that is not right.
  (bytes, chance) => {
    const spoilt = Buffer.from(bytes);
    spoilt.writeUInt32BE([0, 1, bytes.length, 0x7fff_ffff, 0xffff_ffff][chance(5)]!, 1);
    return spoilt;
  },
  (bytes) => Buffer.concat([Buffer.of(1), bytes.subarray(1)]),
  (bytes, chance) => bytes.subarray(0, chance(bytes.length)),
];

const reframed = (message: Buffer): Buffer => {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
};

const oddHeaders: Record<string, string>[] = [
  {},
  {},
  { 'grpc-timeout': '5m' },
  { 'grpc-timeout': 'soon' },
  { 'grpc-encoding': 'gzip' },
  { authorization: 'Basic !!!' },
  { 'requires-leader': 'true', 'connection-name': '\u00e9'.repeat(100) },
];

const spoil = ({ messages }: Sample, chance: Chance): Sending => {
  const spoilt = messages.map((message) => spoilers[chance(spoilers.length)]!(Buffer.from(message), chance));
  const repeated = chance(5) === 0 ? [...spoilt, ...spoilt] : spoilt;
  const bytes = Buffer.concat(repeated);
  const cut = chance(bytes.length + 1);
  return {
    chunks: chance(3) === 0 ? [bytes.subarray(0, cut), bytes.subarray(cut)] : repeated,
    halfClose: chance(4) !== 0,
    headers: oddHeaders[chance(oddHeaders.length)]!,
    msMax: answerMsMax,
  };
};

export const fuzz = async ({ endpoint, random, isOver }: FuzzOptions): Promise<FuzzReport> => {
  const report: FuzzReport = { calls: 0, statuses: {} };
  const chance: Chance = (below) => Math.floor(random() * below);
  const note = ({ status }: Answer): void => {
    const name = status === undefined ? 'none' : String(status);
    report.statuses[name] = (report.statuses[name] ?? 0) + 1;
  };
  const caller = async (): Promise<void> => {
    while (!isOver(report.calls)) {
      const session = openSession(endpoint);
      for (let n = 0; n < callsPerSessionMax && !session.destroyed && !isOver(report.calls); n += 1) {
        const chosen = samples[chance(samples.length)]!;
        report.calls += 1;
        note(await callRaw(session, chosen.path, spoil(chosen, chance)));
      }
      session.destroy();
    }
  };
  await Promise.all(Array.from({ length: callsAtOnce }, caller));
  return report;
};
