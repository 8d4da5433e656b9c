import { Command, InvalidArgumentError } from 'commander';
import { startEventStore, type ServerOptions } from './event-store-server';
import { maintenanceCommands } from './maintenance/commands';

interface Arguments {
  data: string;
  port: number;
  host: string;
  socket?: string;
  parentPipe?: boolean;
  httpPort?: number;
  bytesMax?: number;
}

const port = (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) throw new InvalidArgumentError('a port is a number from 0 to 65535');
  return value;
};

const bytesLeast = 1024 * 1024;
const bytes = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < bytesLeast) {
    throw new InvalidArgumentError(`a number of bytes from ${bytesLeast} on`);
  }
  return value;
};

const loopback = /^(127(\.\d{1,3}){3}|localhost|::1)$/;

const listenOptions = ({ socket, host, port }: Arguments): ServerOptions['listen'] => {
  if (socket !== undefined) return { socket };
  if (!loopback.test(host)) {
    throw new Error(
      `${host} is not an address of this machine alone. This event store has neither users nor encryption and serves ` +
        'loopback or a unix socket only; to serve others, run EventStoreDB itself (https://www.eventstore.com).',
    );
  }
  return { host: host === 'localhost' ? '127.0.0.1' : host, port };
};

const main = async (options: Arguments): Promise<void> => {
  const server = await startEventStore({
    directory: options.data,
    listen: listenOptions(options),
    httpPort: options.httpPort,
    bytesMax: options.bytesMax,
  });
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    server.close().then(() => process.exit(0), fail);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  if (options.parentPipe) process.stdin.on('end', stop).on('error', stop).resume();
  const http = server.httpPort === undefined ? '' : `, http://127.0.0.1:${server.httpPort}`;
  process.stdout.write(`eventstore ready on ${server.endpoint}${http}\n`);
};

const fail = (error: unknown): never => {
  process.stderr.write(`eventstore: ${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
};

const program = new Command('eventstore').description(
  'An embedded event store that speaks the gRPC protocol of EventStoreDB',
);
program
  .command('serve', { isDefault: true })
  .description('serve a directory (what happens without a command)')
  .requiredOption('--data <directory>', 'where the events are kept')
  .option('--port <number>', 'port on the loopback address; 0 takes any', port, 2113)
  .option('--host <address>', 'loopback address to listen on', '127.0.0.1')
  .option('--socket <path>', 'listen on a unix socket instead, and nowhere else')
  .option('--http-port <number>', 'also serve /health/live, /stats and /metrics on this loopback port', port)
  .option('--bytes-max <number>', 'refuse writes that would make the file of events larger than this', bytes)
  .option('--parent-pipe', 'stop when standard input ends, so that a supervisor never leaves it behind')
  .action(main);
for (const command of maintenanceCommands()) program.addCommand(command);
program.parseAsync().catch(fail);
