import { unary, type Method } from '../grpc/grpc-server';
import { Writer } from '../protobuf/writer';

const both = ['stream', 'all'];

/** Methods by service, each with the features by which the client decides how it may be used. */
const supported: Record<string, Record<string, string[]>> = {
  'event_store.client.streams.streams': {
    read: ['position', 'events'],
    append: [],
    delete: [],
    tombstone: [],
    batchappend: ['deadline_duration'],
  },
  'event_store.client.persistent_subscriptions.persistentsubscriptions': {
    create: both,
    update: both,
    delete: both,
    read: both,
    getinfo: both,
    replayparked: both,
    list: both,
    restartsubsystem: both,
  },
  'event_store.client.gossip.gossip': { read: [] },
  'event_store.client.monitoring.monitoring': { stats: [] },
  'event_store.client.server_features.serverfeatures': { getsupportedmethods: [] },
};

/** The version of the server whose behaviour this one has. */
export const serverVersion = '24.6.0';

const answer = (): Buffer => {
  const response = new Writer();
  for (const [service, methods] of Object.entries(supported)) {
    for (const [name, features] of Object.entries(methods)) {
      const method = new Writer().string(1, name).string(2, service);
      for (const feature of features) method.string(3, feature);
      response.message(1, method);
    }
  }
  return response.string(2, serverVersion).finish();
};

export const supportedMethods = (): Method => {
  const bytes = answer();
  return unary(() => bytes);
};
