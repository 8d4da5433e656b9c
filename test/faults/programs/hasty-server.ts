import { setTimeout as wait } from 'node:timers/promises';
import '../../../apps/server/main';
import { EventStore } from '../../../libs/eventing/event-store.adapter';

/**
 * The server with the mistake that ours must not have: it answers first and writes a moment later. Everything else is the
 * server as it is; the one method is replaced in this process alone.
 */
const laterMilliseconds = 300;
const { append } = EventStore.prototype;

EventStore.prototype.append = async function (stream, revision, events) {
  void wait(laterMilliseconds)
    .then(() => append.call(this, stream, revision, events))
    .catch(() => undefined);
  return Promise.resolve({ revision: revision + events.length, position: 0n });
};
