import { startEventStore } from '../event-store-server';
import type { WriteRequest, WriteResult } from '../log/append';
import { EventLog } from '../log/event-log';

/**
 * A server that lies: it acknowledges an append before it is written. Kill tests must notice, or they show nothing.
 *
 *   node early-server.js --data DIR
 */
const lateMs = 20;
const write = EventLog.prototype.write;
const heads = new Map<string, number>();
let position = 1_000;

EventLog.prototype.write = function (this: EventLog, request: WriteRequest): Promise<WriteResult> {
  const head = heads.get(request.stream) ?? this.streams.get(request.stream).head;
  if (request.kind !== 'append' || request.expected.kind !== 'revision' || Number(request.expected.revision) !== head) {
    return write.call(this, request);
  }
  heads.set(request.stream, head + request.events.length);
  setTimeout(() => void write.call(this, request).catch(() => undefined), lateMs);
  return Promise.resolve({ outcome: 'written', revision: head + request.events.length, position: (position += 1) });
};

const directory = process.argv[process.argv.indexOf('--data') + 1]!;
process.stdin.on('end', () => process.exit(0)).resume();
void startEventStore({ directory, listen: { host: '127.0.0.1', port: 0 } }).then(({ endpoint }) =>
  process.stdout.write(`ready on ${endpoint}\n`),
);
