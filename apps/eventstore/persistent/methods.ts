import { unary, type Method, type Methods } from '../grpc/grpc-server';
import { Reader } from '../protobuf/reader';
import { Writer } from '../protobuf/writer';
import { unknown } from '../services/errors';
import { compileGroupFilter } from '../subscriptions/filter';
import { connect } from './connect';
import { groupFailed } from './failures';
import { readGroupRequest } from './group-request';
import type { Groups } from './groups';
import { groupInfo } from './info';
import { readDeleteRequest, readInfoRequest, readListRequest, readReplayRequest } from './name-request';
import { allStream, type GroupDefinition } from './settings';

const service = '/event_store.client.persistent_subscriptions.PersistentSubscriptions';
const nothing = Buffer.alloc(0);

/** The methods of persistent subscriptions, by path. */
export const persistentMethods = (groups: Groups): Methods =>
  new Map<string, Method>([
    [`${service}/Create`, create(groups)],
    [`${service}/Update`, update(groups)],
    [`${service}/Delete`, deletion(groups)],
    [`${service}/Read`, connect(groups)],
    [`${service}/GetInfo`, info(groups)],
    [`${service}/List`, list(groups)],
    [`${service}/ReplayParked`, replayParked(groups)],
    [`${service}/RestartSubsystem`, restart(groups)],
  ]);

/** The real server looks for the answer of one kind and gets the other, which it reports as unknown. */
const refuseAllAsStream = ({ stream, isAll }: { stream: string; isAll: boolean }): void => {
  if (stream === allStream && !isAll) throw unknown('a group of $all must be named as one');
};

const definitionIn = (request: Buffer): GroupDefinition => {
  const { isAll, ...definition } = readGroupRequest(new Reader(request));
  refuseAllAsStream({ stream: definition.stream, isAll });
  return definition;
};

const create = (groups: Groups): Method =>
  unary(async (request) => {
    const definition = definitionIn(request);
    // A filter that cannot be read is refused before anything is made.
    if (definition.filter) compileGroupFilter(definition.filter);
    await groups.create(definition);
    return nothing;
  });

const update = (groups: Groups): Method =>
  unary(async (request) => {
    await groups.update(definitionIn(request));
    return nothing;
  });

const deletion = (groups: Groups): Method =>
  unary(async (request) => {
    const name = readDeleteRequest(request);
    refuseAllAsStream(name);
    if (name.stream === '') throw groupFailed(name, 'Bad stream name.');
    await groups.delete(name);
    return nothing;
  });

const info = (groups: Groups): Method =>
  unary((request) => new Writer().message(1, groupInfo(groups.find(readInfoRequest(request)))).finish());

const list = (groups: Groups): Method =>
  unary((request) => {
    const response = new Writer();
    for (const running of groups.list(readListRequest(request))) response.message(1, groupInfo(running));
    return response.finish();
  });

const replayParked = (groups: Groups): Method =>
  unary((request) => {
    const { stopAt, ...name } = readReplayRequest(request);
    if (stopAt === undefined) throw unknown('it is not said where to stop');
    if (stopAt !== 'none' && stopAt < 0n) {
      throw groupFailed(name, 'Cannot stop replaying parked message at a negative version.');
    }
    groups.find(name).group.replay(stopAt === 'none' ? undefined : Number(stopAt));
    return nothing;
  });

const restart = (groups: Groups): Method =>
  unary(() => {
    groups.restart();
    return nothing;
  });
