import { randomUUID } from 'node:crypto';
import { jsonEvent } from '@eventstore/db-client';
import { Pool } from 'pg';
import { CommandContext, Outcome, StreamTaken } from '../../libs/eventing/command-runner';
import { CommandIdReused, NotFound, RevisionMismatch } from '../../libs/eventing/failures';
import { UnreadableEvent } from '../../libs/eventing/event-types';
import { FollowedStream } from '../../libs/eventing/followed-stream.adapter';
import { Rejection } from '../../libs/eventing/rejection';
import { verifyChains } from '../../libs/eventing/verify-chains.adapter';
import { erased, redacted, withheld } from '../../libs/eventing/unsealer';
import { contextOf } from '../../libs/platform/http/command-context';
import { Engine } from '../../libs/platform/engine/engine';
import { openInstallation, TestInstallation } from '../support/stores';
import { ThingEvent, thingEvolution, thingTypes } from './thing';

let installation: TestInstallation;
beforeAll(async () => {
  installation = await openInstallation(thingTypes());
}, 60_000);
afterAll(() => installation.stop(), 30_000);

const context = (key: string, idempotencyKey?: string, ifMatch?: number): CommandContext =>
  contextOf({
    caller: { id: 'alice' },
    target: `thing-${key}`,
    headers: { idempotencyKey, ifMatch, traceparent: undefined },
    now: new Date(),
  });

interface Step {
  readonly key: string;
  readonly by?: number;
  readonly idempotencyKey?: string;
  readonly ifMatch?: number;
  readonly owner?: string;
  readonly expects?: 'new' | 'existing' | 'any';
  readonly ceiling?: number;
}

const step = (
  engine: Engine,
  { key, by = 1, idempotencyKey, ifMatch, owner = `owner-of-${key}`, expects = 'any', ceiling = Infinity }: Step,
): Promise<Outcome> =>
  engine.runner.execute({
    evolution: thingEvolution,
    key,
    expects,
    body: { by },
    context: context(key, idempotencyKey, ifMatch),
    decide: ({ total }) => {
      if (total + by > ceiling) throw new Rejection('TOO_FAR', 'the ceiling is reached');
      return by === 0
        ? []
        : [{ type: 'ThingStepped', data: { by, owner, remark: `remark ${by}` } } satisfies ThingEvent];
    },
  });

const events = async (engine: Engine, key: string) => engine.store.read(`thing-${key}`);

it('records one command once, however often it is sent, by whichever process', async () => {
  const key = randomUUID();
  const other = await installation.another();
  const first = await step(installation.engine, { key, idempotencyKey: 'k' });
  const again = await Promise.all([
    step(installation.engine, { key, idempotencyKey: 'k' }),
    step(other, { key, idempotencyKey: 'k' }),
  ]);
  expect(again).toEqual([first, first].map((outcome) => ({ ...outcome, replayed: true })));
  expect(await events(other, key)).toHaveLength(1);
});

it('goes on from what stands in the log when two processes have recorded one command at the same moment', async () => {
  const other = await installation.another();
  const keys = Array.from({ length: 20 }, () => randomUUID());
  for (const key of keys) {
    const both = await Promise.all(
      [installation.engine, other].map((engine) => step(engine, { key, idempotencyKey: 'k' })),
    );
    expect(both.map(({ revision }) => revision)).toEqual([0, 0]);
    for (const engine of [other, installation.engine]) await step(engine, { key });
  }
  for (const key of keys) {
    const recorded = await events(other, key);
    expect(recorded).toHaveLength(3);
    expect((await verifyChains(other.installation, recorded)).broken).toBeUndefined();
  }
});

it('recognises a late retry although others have written meanwhile', async () => {
  const key = randomUUID();
  const first = await step(installation.engine, { key, idempotencyKey: 'k' });
  await step(installation.engine, { key });
  const other = await installation.another();
  expect(await step(other, { key, idempotencyKey: 'k' })).toEqual({ ...first, replayed: true });
});

it('refuses the same key with another body', async () => {
  const key = randomUUID();
  await step(installation.engine, { key, idempotencyKey: 'k', by: 1 });
  await expect(step(installation.engine, { key, idempotencyKey: 'k', by: 2 })).rejects.toThrow(CommandIdReused);
});

it('loses no update of 64 at once from two processes, and lets none pass the rule', async () => {
  const key = randomUUID();
  await step(installation.engine, { key });
  const other = await installation.another();
  const outcomes = await Promise.allSettled(
    Array.from({ length: 64 }, (_, index) => step(index % 2 ? other : installation.engine, { key, ceiling: 41 })),
  );
  const done = outcomes.filter(({ status }) => status === 'fulfilled').length;
  expect(done).toBe(40);
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  expect(refused.every((reason) => reason instanceof Rejection && reason.code === 'TOO_FAR')).toBe(true);
  expect((await events(installation.engine, key)).map(({ revision }) => revision)).toEqual(
    Array.from({ length: 41 }, (_, index) => index),
  );
});

it('holds a caller to the revision that he insists on', async () => {
  const key = randomUUID();
  await step(installation.engine, { key });
  await step(installation.engine, { key, ifMatch: 0 });
  await expect(step(installation.engine, { key, ifMatch: 0 })).rejects.toThrow(RevisionMismatch);
});

it('appends nothing when it is already so', async () => {
  const key = randomUUID();
  await step(installation.engine, { key });
  expect(await step(installation.engine, { key, by: 0 })).toMatchObject({ revision: 0, events: [] });
  expect(await events(installation.engine, key)).toHaveLength(1);
});

it('decides on what is there although this process has never seen it, also where a new stream would do', async () => {
  const key = randomUUID();
  await step(installation.engine, { key });
  expect(await step(await installation.another(), { key, by: 0 })).toMatchObject({ revision: 0, events: [] });
  expect(await step(await installation.another(), { key, ifMatch: 0 })).toMatchObject({ revision: 1 });
  await expect(step(await installation.another(), { key, ceiling: 2 })).rejects.toMatchObject({ code: 'TOO_FAR' });
});

it('opens only what is not there and works only on what is', async () => {
  const key = randomUUID();
  await expect(step(installation.engine, { key, expects: 'existing' })).rejects.toThrow(NotFound);
  await step(installation.engine, { key, expects: 'new' });
  await expect(step(await installation.another(), { key, expects: 'new' })).rejects.toThrow(StreamTaken);
});

describe('a process that trusts its memory, because it alone takes commands', () => {
  it('reads a stream once, and still answers a retry, insists on a revision and obeys the rule', async () => {
    const key = randomUUID();
    const alone = await installation.another({ isOnlyWriter: true });
    const first = await step(alone, { key, idempotencyKey: 'k' });
    const read = jest.spyOn(alone.store, 'read');
    await step(alone, { key });
    expect(await step(alone, { key, idempotencyKey: 'k' })).toEqual({ ...first, replayed: true });
    expect(read).not.toHaveBeenCalled();
    await expect(step(alone, { key, ifMatch: 0 })).rejects.toThrow(RevisionMismatch);
    await expect(step(alone, { key, ceiling: 2 })).rejects.toMatchObject({ code: 'TOO_FAR' });
    await expect(step(alone, { key, idempotencyKey: 'k', by: 2 })).rejects.toThrow(CommandIdReused);
  });

  it('neither refuses nor decides on what it remembers when another has written after all', async () => {
    const key = randomUUID();
    const [alone, other] = [await installation.another({ isOnlyWriter: true }), await installation.another()];
    await step(alone, { key });
    await step(other, { key, by: 10 });
    await expect(step(alone, { key, ceiling: 5 })).rejects.toMatchObject({ code: 'TOO_FAR' });
    await step(other, { key, by: -8 });
    expect(await step(alone, { key, ceiling: 5 })).toMatchObject({ revision: 3 });
    await step(other, { key });
    expect(await step(alone, { key, ifMatch: 4 })).toMatchObject({ revision: 5 });
  });
});

describe('a process whose append was given up', () => {
  afterEach(() => jest.restoreAllMocks());

  it.each([0, 1])(
    'goes on from what stands in the log when it comes after all, over %i earlier ones',
    async (earlier) => {
      const key = randomUUID();
      const alone = await installation.another({ isOnlyWriter: true });
      for (let index = 0; index < earlier; index++) await step(alone, { key });
      const { client } = alone.store;
      const append = client.appendToStream.bind(client);
      let late: Parameters<typeof append> | undefined;
      const spy = jest.spyOn(client, 'appendToStream');
      spy.mockImplementation((...given: Parameters<typeof append>) => {
        late = given;
        return Promise.reject(Object.assign(new Error('no answer'), { type: 'deadline-exceeded' }));
      });
      await expect(step(alone, { key, idempotencyKey: 'k' })).rejects.toMatchObject({ outcome: 'unknown' });
      // It arrives between the look at the log and the append of the second attempt.
      spy.mockImplementationOnce(async (...given: Parameters<typeof append>) => {
        if (late) await append(...late);
        return append(...given);
      });
      expect(await step(alone, { key, idempotencyKey: 'k' })).toMatchObject({ revision: earlier });
      spy.mockRestore();
      for (let index = 0; index < 2; index++) await step(alone, { key });
      const recorded = await events(alone, key);
      expect(recorded).toHaveLength(earlier + 3);
      expect((await verifyChains(alone.installation, recorded)).broken).toBeUndefined();
    },
  );
});

describe('personal data', () => {
  const remarkOf = async (engine: Engine, key: string, mayRead = true) => {
    const [event] = (await events(engine, key)).map((stored) => engine.types.decode<ThingEvent>(stored));
    if (event?.type !== 'ThingStepped') throw new Error('no step');
    return (await engine.unsealer.open(event.data, mayRead)).remark;
  };

  it('is sealed in the log and opens only for who may read it', async () => {
    const key = randomUUID();
    await step(installation.engine, { key, by: 7 });
    expect(JSON.stringify((await events(installation.engine, key)).map(({ data }) => data))).not.toContain('remark 7');
    expect(await remarkOf(installation.engine, key)).toBe('remark 7');
    expect(await remarkOf(installation.engine, key, false)).toBe(withheld);
  });

  it('is gone with the person, who cannot come back by a retry or a late command', async () => {
    const key = randomUUID();
    const owner = randomUUID();
    await step(installation.engine, { key, owner, idempotencyKey: 'k' });
    await installation.engine.keys.destroyPerson(owner);
    const other = await installation.another();
    expect(await remarkOf(other, key)).toBe(erased);
    // The retry is taken at its word; a new text about the person is refused; nothing makes a new key.
    expect((await step(other, { key, owner, idempotencyKey: 'k', by: 2 })).replayed).toBe(true);
    await expect(step(other, { key, owner })).rejects.toMatchObject({ code: 'PERSON_ERASED' });
    await expect(other.keys.ensurePersonKey(owner)).rejects.toMatchObject({ code: 'PERSON_ERASED' });
    expect(await remarkOf(other, key)).toBe(erased);
  });

  it('loses one text when that text is redacted', async () => {
    const key = randomUUID();
    await step(installation.engine, { key });
    const [event] = await events(installation.engine, key);
    const { remark } = event?.data as { remark: { v: string } };
    await installation.engine.keys.destroyValue(remark.v);
    expect(await remarkOf(await installation.another(), key)).toBe(redacted);
  });

  it('stays readable when the key-encryption key is rolled, and the old one opens nothing any more', async () => {
    const key = randomUUID();
    await step(installation.engine, { key, by: 9 });
    const { keys } = installation.secrets.keyEncryptionKeys;
    const fresh = Buffer.alloc(32, 7);
    expect(await installation.engine.keyStore.roll({ current: 2, keys: { ...keys, 2: fresh } })).toBeGreaterThan(0);
    const { eventStore: client, database, keystore } = installation.stores;
    const shared = { ...installation.secrets, client, database, keystore, types: thingTypes() };
    const rolled = new Engine({ ...shared, keyEncryptionKeys: { current: 2, keys: { 2: fresh } } });
    const stuck = new Engine(shared);
    expect(await remarkOf(rolled, key)).toBe('remark 9');
    await expect(remarkOf(stuck, key)).rejects.toThrow('key-encryption key 2 is gone');
    await Promise.all([rolled.close(), stuck.close()]);
  });
});

it('finds the keys of many at once, and one that cannot be read is missed by those alone who want it', async () => {
  const [{ keys: ours }, { keys: others }] = [await installation.another(), await installation.another()];
  const ids = Array.from({ length: 30 }, () => randomUUID());
  const keys = await Promise.all(ids.map((id) => ours.ensurePersonKey(id)));
  const [spoilt = '', gone = ''] = ids;
  const keystore = new Pool(installation.stores.keystore);
  await keystore.query(`update person_key set wrapped = '\\x00' where id = $1`, [spoilt]);
  await keystore.end();
  const found = await Promise.allSettled(ids.map((id) => others.find('person_key', [id, gone])));
  expect(found[0]?.status).toBe('rejected');
  expect(
    found.slice(1).map((each, place) => each.status === 'fulfilled' && each.value.get(ids[place + 1] ?? '')),
  ).toEqual(keys.slice(1));
  await Promise.all([others.destroyPerson(gone), others.find('person_key', [gone, randomUUID()])]);
  expect((await others.find('person_key', [gone])).get(gone)).toBe('destroyed');
});

it('lets those who follow a stream pass by what no build has written, and lets nobody decide on it', async () => {
  const { engine } = installation;
  const key = randomUUID();
  await step(engine, { key, by: 3 });
  await engine.store.client.appendToStream(`thing-${key}`, jsonEvent({ type: 'ThingStepped', data: { by: 5 } }));
  const followed = new FollowedStream(engine.runner, thingEvolution, key);
  await followed.prepare([]);
  expect(followed.state.total).toBe(3);
  await expect(followed.current()).rejects.toThrow(UnreadableEvent);
  await expect(step(engine, { key })).rejects.toThrow(UnreadableEvent);
});
