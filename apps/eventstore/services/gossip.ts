import { unary, type Method } from '../grpc/grpc-server';
import { Writer } from '../protobuf/writer';
import { structuredUuid } from '../protocol/uuid';

const leader = 8;
const defaultPort = 2113;

/** One living leader, at the address under which the client came: so discovery finds the way back here. */
export const gossip = (instanceId: string): Method =>
  unary((_, { authority }) => {
    const { host, port } = split(authority);
    const endpoint = new Writer().string(1, host).uint(2, port);
    const member = new Writer()
      .message(1, structuredUuid(instanceId))
      .uint(2, BigInt(Date.now()) * 10_000n)
      .uint(3, leader)
      .bool(4, true)
      .message(5, endpoint);
    return new Writer().message(1, member).finish();
  });

const split = (authority: string): { host: string; port: number } => {
  const match = /^(.*):(\d{1,5})$/.exec(authority);
  return match ? { host: match[1]!, port: Number(match[2]) } : { host: authority || '127.0.0.1', port: defaultPort };
};
