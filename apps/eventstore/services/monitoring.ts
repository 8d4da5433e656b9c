import { framed, type Call } from '../grpc/call';
import type { Stats } from '../observability/stats';
import { Reader } from '../protobuf/reader';
import { Writer } from '../protobuf/writer';

const requestBytesMax = 1_024;
const refreshMsMin = 100;
const refreshMsMax = 0x7fff_ffff;

/** Monitoring/Stats: the statistics now, and again after every period, for as long as the client listens. */
export const monitoring =
  (stats: Stats) =>
  (call: Call): void => {
    call.receive(
      requestBytesMax,
      (message) => {
        const tell = (): void => {
          if (!call.isBlocked) call.write(framed(answer(stats())));
        };
        tell();
        const timer = setInterval(tell, refreshMs(new Reader(message)));
        call.onFinish(() => clearInterval(timer));
      },
      () => undefined,
    );
  };

const refreshMs = (reader: Reader): number => {
  let ms = 0;
  while (reader.next()) {
    if (reader.field === 4) ms = Number(reader.uint64());
    else reader.skip();
  }
  return Math.min(Math.max(ms, refreshMsMin), refreshMsMax);
};

const answer = (stats: Record<string, number>): Buffer => {
  const response = new Writer();
  for (const [name, value] of Object.entries(stats)) {
    response.message(1, new Writer().string(1, `es-${name}`).string(2, String(value)));
  }
  return response.finish();
};
