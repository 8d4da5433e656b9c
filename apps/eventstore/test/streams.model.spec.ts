import fc from 'fast-check';
import {
  BACKWARDS,
  END,
  WrongExpectedVersionError,
  StreamDeletedError,
  type AppendExpectedRevision,
} from '@eventstore/db-client';
import { happened, outcome, startTestServer, type TestServer } from './running-server';
import { sequencesMsMax, sequencesOf } from './sequences';

/** The streams of the server as a few lines of plain code: what it must agree with after every step. */
interface Model {
  events: string[];
  tombstoned: boolean;
  deletedAt: number | undefined;
  metadata: number;
  maxCount: number | undefined;
  truncateBefore: number | undefined;
}

const fresh = (): Model => ({
  events: [],
  tombstoned: false,
  deletedAt: undefined,
  metadata: 0,
  maxCount: undefined,
  truncateBefore: undefined,
});

type Step =
  | { kind: 'append'; expected: 'any' | 'no_stream' | 'stream_exists' | number; count: number }
  | { kind: 'metadata'; maxCount?: number; truncateBefore?: number }
  | { kind: 'delete' }
  | { kind: 'tombstone' }
  | { kind: 'restart' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      expected: fc.oneof(
        fc.constantFrom('any' as const, 'no_stream' as const, 'stream_exists' as const),
        fc.integer({ min: 0, max: 8 }),
      ),
      count: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record(
      {
        kind: fc.constant('metadata' as const),
        maxCount: fc.integer({ min: 1, max: 4 }),
        truncateBefore: fc.integer({ min: 0, max: 6 }),
      },
      { requiredKeys: ['kind'] },
    ),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'delete' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'tombstone' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
);

interface Shown {
  revision: number;
  id: string;
}

const textOf = ({ revision, id }: Shown): string => `${revision} ${id}`;

const visible = (model: Model): Shown[] | string => {
  if (model.tombstoned) return 'stream-deleted';
  if (model.events.length === 0 || model.deletedAt !== undefined) return 'stream-not-found';
  const first = Math.max(
    model.truncateBefore ?? 0,
    model.maxCount === undefined ? 0 : model.events.length - model.maxCount,
  );
  return model.events.map((id, revision) => ({ revision, id })).slice(first);
};

const accepts = (model: Model, expected: (Step & { kind: 'append' })['expected']): 'ok' | 'wrong' | 'deleted' => {
  if (model.tombstoned) return 'deleted';
  if (expected === 'any') return 'ok';
  if (expected === 'stream_exists') {
    if (model.deletedAt !== undefined) return 'deleted';
    return model.events.length > 0 || model.metadata > 0 ? 'ok' : 'wrong';
  }
  if (expected === 'no_stream') return model.events.length === 0 || model.deletedAt !== undefined ? 'ok' : 'wrong';
  return expected === model.events.length - 1 ? 'ok' : 'wrong';
};

const nameOfError = (error: unknown): 'wrong' | 'deleted' | unknown =>
  error instanceof WrongExpectedVersionError ? 'wrong' : error instanceof StreamDeletedError ? 'deleted' : error;

describe('streams', () => {
  let test: TestServer;
  let streams = 0;
  beforeAll(async () => {
    test = await startTestServer();
  });
  afterAll(() => test.stop());

  const run = async (name: string, model: Model, { kind, ...options }: Step): Promise<void> => {
    if (kind === 'restart') return test.restart();
    const attempt = async (call: Promise<unknown>): Promise<unknown> => call.then(() => 'ok', nameOfError);
    if (kind === 'append') {
      const { expected, count } = options as Step & { kind: 'append' };
      const events = Array.from({ length: count }, (_, n) => happened(n));
      const expectedRevision: AppendExpectedRevision = typeof expected === 'number' ? BigInt(expected) : expected;
      const should = accepts(model, expected);
      expect(await attempt(test.client.appendToStream(name, events, { expectedRevision }))).toBe(should);
      if (should !== 'ok') return;
      if (model.deletedAt !== undefined)
        Object.assign(model, { deletedAt: undefined, truncateBefore: model.events.length });
      model.events.push(...events.map(({ id }) => id));
    } else if (kind === 'metadata') {
      const { maxCount, truncateBefore } = options as Step & { kind: 'metadata' };
      const set = test.client.setStreamMetadata(name, {
        ...(maxCount ? { maxCount } : {}),
        ...(truncateBefore !== undefined ? { truncateBefore } : {}),
      });
      expect(await attempt(set)).toBe(model.tombstoned ? 'deleted' : 'ok');
      if (model.tombstoned) return;
      const undeleted = model.deletedAt !== undefined;
      Object.assign(model, {
        maxCount,
        truncateBefore: undeleted ? model.events.length : truncateBefore,
        deletedAt: undefined,
      });
      model.metadata += 1;
    } else if (kind === 'delete') {
      const exists = model.events.length > 0 || model.metadata > 0;
      expect(await attempt(test.client.deleteStream(name))).toBe(
        model.tombstoned ? 'deleted' : exists ? 'ok' : 'wrong',
      );
      if (!model.tombstoned && exists)
        Object.assign(model, { deletedAt: model.events.length, maxCount: undefined, metadata: model.metadata + 1 });
    } else {
      expect(await attempt(test.client.tombstoneStream(name))).toBe(model.tombstoned ? 'deleted' : 'ok');
      model.tombstoned = true;
    }
  };

  const shown = async (
    read: AsyncIterable<{ event?: { revision: bigint; id: string } }>,
  ): Promise<string[] | string> => {
    const result = await outcome(read);
    return typeof result === 'string' ? result : result.map(({ event }) => `${event?.revision} ${event?.id}`);
  };

  const compare = async (name: string, model: Model, from: number): Promise<void> => {
    const expected = visible(model);
    const read = (fromRevision: bigint, maxCount: number): Promise<string[] | string> =>
      shown(test.client.readStream(name, { fromRevision, maxCount }));
    const readBack = (fromRevision: bigint | typeof END, maxCount: number): Promise<string[] | string> =>
      shown(test.client.readStream(name, { direction: BACKWARDS, fromRevision, maxCount }));
    if (typeof expected === 'string') {
      expect([await read(BigInt(from), 2), await readBack(END, 100)]).toEqual([expected, expected]);
      return;
    }
    const texts = expected.map(textOf);
    const after = expected.filter(({ revision }) => revision >= from).map(textOf);
    const before = expected.filter(({ revision }) => revision <= from).map(textOf);
    expect(await read(0n, 100)).toEqual(texts);
    expect(await read(BigInt(from), 2)).toEqual(after.slice(0, 2));
    expect(await readBack(END, 100)).toEqual([...texts].reverse());
    expect(await readBack(BigInt(from), 2)).toEqual(before.reverse().slice(0, 2));
  };

  it(
    'agree with the model after any sequence of appends, metadata, deletes, tombstones and restarts',
    async () => {
      const from = fc.integer({ min: 0, max: 9 });
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(step, from), { maxLength: 12 }), async (steps) => {
          const name = `model-${(streams += 1)}`;
          const model = fresh();
          for (const [next, place] of steps) {
            await run(name, model, next);
            await compare(name, model, place);
          }
        }),
        sequencesOf('streams', 60),
      );
    },
    sequencesMsMax,
  );
});
