import { Presets, SingleBar } from 'cli-progress';
import { Invocation, remark } from './invocation';

/** Shows how far long work is: a bar for who watches, a line now and then for a log file. */
const lineEveryMilliseconds = 2_000;

export interface Progress {
  update(done: number): void;
  stop(): void;
}

const bar = (label: string, total: number): Progress => {
  const single = new SingleBar(
    { format: `${label} {bar} {value} of {total} · {eta_formatted} left`, clearOnComplete: true, hideCursor: true },
    Presets.shades_classic,
  );
  single.start(total, 0);
  return { update: (done) => single.update(done), stop: () => single.stop() };
};

const lines = (invocation: Invocation, label: string, total: number | undefined): Progress => {
  let saidAt = performance.now();
  const update = (done: number): void => {
    if (performance.now() - saidAt < lineEveryMilliseconds) return;
    saidAt = performance.now();
    remark(invocation, `${label} ${done}${total === undefined ? '' : ` of ${total}`}`);
  };
  return { update, stop: () => undefined };
};

export const progressOf = (invocation: Invocation, label: string, total?: number): Progress =>
  invocation.terminal.isWatched && total !== undefined ? bar(label, total) : lines(invocation, label, total);
