import 'reflect-metadata';
import { runCommandLine } from './cli';
import { exitCodes } from './failures';

const interrupt = new AbortController();
process.once('SIGINT', () => {
  interrupt.abort();
  // A second Ctrl-C does not wait for anything.
  process.once('SIGINT', () => process.exit(exitCodes.interrupted));
});

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

void runCommandLine(process.argv.slice(2), invocation).then((exitCode) => {
  process.exitCode = exitCode;
});
