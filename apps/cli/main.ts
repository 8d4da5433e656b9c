import 'reflect-metadata';
import { runCommandLine } from './cli';
import { exitCodes } from './failures';

// What does not stop by itself in this time is left; what it wrote stands, and its stores end with it.
const stopMillisecondsMax = 8_000;
const args = process.argv.slice(2);
const interrupt = new AbortController();

const stop = (): void => {
  // A second Ctrl-C does not wait for anything.
  if (interrupt.signal.aborted) process.exit(exitCodes.interrupted);
  interrupt.abort();
  setTimeout(() => process.exit(exitCodes.interrupted), stopMillisecondsMax).unref();
};
// The server has its own way to stop.
if (args[0] !== 'serve') for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);

// A reader that has seen enough, such as `head`, closes the pipe: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? exitCodes.done : exitCodes.refused),
);

const invocation = {
  terminal: {
    out: (text: string) => void process.stdout.write(text),
    note: (text: string) => void process.stderr.write(text),
    isWatched: process.stderr.isTTY === true,
  },
  environment: process.env,
  signal: interrupt.signal,
  now: () => new Date(),
};

void runCommandLine(args, invocation).then((exitCode) => {
  process.exitCode = interrupt.signal.aborted ? exitCodes.interrupted : exitCode;
});
