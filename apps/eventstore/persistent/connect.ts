import type { Call } from '../grpc/call';
import type { CallContext, Method } from '../grpc/grpc-server';
import { Reader } from '../protobuf/reader';
import { unknown } from '../services/errors';
import { Connection } from './connection';
import { readConnectRequest, type ConnectRequest } from './connect-request';
import { subscribersReached } from './failures';
import type { Groups } from './groups';

const requestBytesMax = 4 * 1024 * 1024;

/** The Read call: the first message names the group, every later one acknowledges or refuses events. */
export const connect =
  (groups: Groups): Method =>
  (call, context) => {
    let connection: Connection | undefined;
    const onMessage = (message: Buffer): void => {
      const request = readConnectRequest(new Reader(message));
      if (!connection) connection = open(groups, call, context, request);
      else if (request?.kind === 'ack') connection.ack(request.ids);
      else if (request?.kind === 'nack') connection.nack(request.ids, request.action, request.reason);
    };
    // A client that has half-closed goes on receiving; it can only no longer answer.
    call.receive(requestBytesMax, onMessage, () => {
      if (!connection) call.end();
    });
  };

const open = (
  groups: Groups,
  call: Call,
  { connectionName }: CallContext,
  request: ConnectRequest | undefined,
): Connection => {
  if (request?.kind !== 'options') throw unknown('the first message must carry the options');
  const { stream, group, slots, structuredIds } = request;
  const running = groups.find({ stream, group });
  if (running.group.isFull) throw subscribersReached({ stream, group });
  return new Connection(call, running, slots, connectionName, structuredIds);
};
