import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands between a client and a server, and cuts the connection once the server has done its work but before it is heard. */
export interface CuttingProxy {
  endpoint: string;
  /** From now on the server hears the client, and the client does not hear the server. */
  withholdAnswers(): void;
  /** Cuts every connection; new ones are whole again. */
  cut(): void;
  close(): Promise<void>;
}

export const startCuttingProxy = async (target: string): Promise<CuttingProxy> => {
  const port = Number(/:(\d+)\?/.exec(target)![1]);
  const sockets = new Set<Socket>();
  let withholding = false;
  const pass = (from: Socket, to: Socket, isAnswer: boolean): void => {
    sockets.add(from);
    from.on('data', (bytes) => {
      if (!isAnswer || !withholding) to.write(bytes);
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  };
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    pass(client, upstream, false);
    pass(upstream, client, true);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
    withholding = false;
  };
  return {
    endpoint: `esdb://127.0.0.1:${(server.address() as AddressInfo).port}?tls=false`,
    withholdAnswers: () => void (withholding = true),
    cut,
    close: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
};
