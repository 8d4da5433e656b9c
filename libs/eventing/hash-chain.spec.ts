import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { envelop, EnvelopedEvent } from './envelope';
import { EventTypes } from './event-types';
import { chainBreak, ChainBreak, ChainHead } from './hash-chain';

const types = new EventTypes().register({ Happened: { schema: 1, personal: [], plain: ['/what'] } });
const installation = '6f1a1f5e-1c1e-4d6b-9d4e-0a1b2c3d4e5f';
const command = {
  commandId: 'c',
  correlationId: 'c',
  causationId: 'c',
  actor: 'a',
  recordedAt: '2026-01-05T09:00:00.000Z',
  origin: 'live',
};
const noKeys = {
  person: undefined,
  takeValueKey: () => {
    throw new Error('nothing here is personal');
  },
  takeNonce: () => Buffer.alloc(12),
};

const stream = (whats: readonly string[]): readonly EnvelopedEvent[] =>
  envelop(
    types,
    whats.map((what) => ({ type: 'Happened', data: { what } })),
    command,
    { installation, stream: 'thing-1', revision: 0, prev: '' },
    noKeys,
  );

const firstBreak = (events: readonly EnvelopedEvent[]): ChainBreak | undefined => {
  let head: ChainHead | undefined;
  for (const event of events) {
    const broken = chainBreak(head, { ...event, installation });
    if (broken) return broken;
    head = { revision: event.revision, hash: event.metadata.hash };
  }
  return undefined;
};

const history = fc.array(
  fc.string({ maxLength: 8 }).filter((text) => !text.includes('\0')),
  { minLength: 2, maxLength: 12 },
);

it('verifies what was written', () => {
  fc.assert(fc.property(history, (whats) => firstBreak(stream(whats)) === undefined));
});

it('names the first event whose data was changed', () => {
  fc.assert(
    fc.property(history, fc.nat(), (whats, pick) => {
      const at = pick % whats.length;
      const changed = stream(whats).map((event, index) =>
        index === at ? { ...event, data: { what: `${whats[at]}!` } } : event,
      );
      expect(firstBreak(changed)).toMatchObject({ revision: at, reason: 'hash' });
    }),
  );
});

it('names the first event after one that was taken out or put elsewhere', () => {
  const events = stream(['a', 'b', 'c', 'd']);
  expect(firstBreak(events.filter((_, index) => index !== 1))).toMatchObject({ revision: 2, reason: 'revision' });
  const renumbered = events.filter((_, index) => index !== 1).map((event, revision) => ({ ...event, revision }));
  expect(firstBreak(renumbered)).toMatchObject({ revision: 1, reason: 'prev' });
});

it.each(['actor', 'recordedAt', 'occurredAt', 'commandId', 'origin', 'schema', '$correlationId'])(
  'covers the metadata field %s',
  (name) => {
    const changed = stream(['a', 'b']).map((event) => ({
      ...event,
      metadata: { ...event.metadata, [name]: 'forged' },
    }));
    expect(firstBreak(changed)).toMatchObject({ revision: 0, reason: 'hash' });
  },
);

it('covers the installation, so that a stream of another one does not fit', () => {
  const [first] = stream(['a']);
  if (!first) throw new Error('no event');
  expect(chainBreak(undefined, { ...first, installation: 'another' })).toMatchObject({ reason: 'hash' });
});

it('cannot see that the tail was cut off, which the ledger is for', () => {
  expect(firstBreak(stream(['a', 'b', 'c']).slice(0, 2))).toBeUndefined();
});

it('is the RFC 6962 leaf hash of the canonical text', () => {
  const [event] = stream(['a']);
  if (!event) throw new Error('no event');
  const { hash, ...metadata } = event.metadata;
  const dataHash = createHash('sha256').update('{"what":"a"}').digest('hex');
  const leaf = { ...metadata, dataHash, id: event.id, installation, revision: 0, stream: 'thing-1', type: 'Happened' };
  const text = `{${Object.entries(leaf)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)
    .join(',')}}`;
  expect(
    createHash('sha256')
      .update(Buffer.concat([Buffer.from([0]), Buffer.from(text)]))
      .digest('hex'),
  ).toBe(hash);
});
