import type { Method, Methods } from '../grpc/grpc-server';
import type { Stats } from '../observability/stats';
import { append } from './append';
import { batchAppend } from './batch-append';
import { deletion } from './delete';
import { gossip } from './gossip';
import { monitoring } from './monitoring';
import { read } from './read';
import type { Store } from './store';
import { supportedMethods } from './supported-methods';

/** Everything the server offers, by path. */
export const methods = (store: Store, stats: Stats, instanceId: string): Methods =>
  new Map<string, Method>([
    ['/event_store.client.streams.Streams/Read', read(store)],
    ['/event_store.client.streams.Streams/Append', append(store)],
    ['/event_store.client.streams.Streams/BatchAppend', batchAppend(store)],
    ['/event_store.client.streams.Streams/Delete', deletion(store, 'delete')],
    ['/event_store.client.streams.Streams/Tombstone', deletion(store, 'tombstone')],
    ['/event_store.client.server_features.ServerFeatures/GetSupportedMethods', supportedMethods()],
    ['/event_store.client.gossip.Gossip/Read', gossip(instanceId)],
    ['/event_store.client.monitoring.Monitoring/Stats', monitoring(stats)],
  ]);

const notOffered: Record<string, string> = {
  'event_store.client.projections.Projections': 'server-side projections',
  'event_store.client.users.Users': 'users and access control',
  'event_store.client.operations.Operations': 'cluster operations',
};

/** What a call gets for an answer that nobody here can give. */
export const refusal = (path: string): string => {
  const service = path.split('/')[1] ?? '';
  const what = notOffered[service];
  return what
    ? `This embedded event store does not offer ${what}; run EventStoreDB itself for them.`
    : `This embedded event store does not know ${path}.`;
};
