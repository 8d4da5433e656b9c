import { checkCommit, type Expected, type Known } from './commit-check';

const stored = ['a', 'b', 'c'];
const known = (changes: Partial<Known> = {}): Known => ({
  head: 2,
  tombstoned: false,
  softDeleted: false,
  hasMetadata: false,
  recentRevision: (id) => (stored.includes(id) ? stored.indexOf(id) : undefined),
  idAt: (revision) => stored[revision],
  ...changes,
});
const empty = { head: -1, recentRevision: () => undefined, idAt: () => undefined };
const any: Expected = { kind: 'any' };
const none: Expected = { kind: 'no_stream' };
const exists: Expected = { kind: 'stream_exists' };
const at = (revision: bigint): Expected => ({ kind: 'revision', revision });
const decide = (expected: Expected, ids: string[], changes?: Partial<Known>): string => {
  const check = checkCommit(expected, ids, known(changes));
  return check.decision === 'repeated' ? `repeated ${check.revision}` : check.decision;
};

describe('an append at an expected revision', () => {
  it.each<[string, Expected, string[], Partial<Known>, string]>([
    ['new ids at any are written', any, ['x'], {}, 'write'],
    ['a known first id at any is a repeat', any, ['a', 'b'], {}, 'repeated 1'],
    ['a repeat that goes on differently is refused', any, ['a', 'x'], {}, 'wrong-expected-version'],
    ['a later known id is written again', any, ['x', 'a'], {}, 'write'],
    ['no events at any are fine', any, [], {}, 'write'],
    ['stream_exists needs a stream', exists, ['x'], empty, 'wrong-expected-version'],
    ['stream_exists takes metadata for a stream', exists, ['x'], { ...empty, hasMetadata: true }, 'write'],
    ['stream_exists on a soft-deleted stream', exists, ['x'], { softDeleted: true }, 'deleted'],
    ['no_stream on a new stream', none, ['x'], empty, 'write'],
    ['no_stream on an existing stream', none, ['x'], {}, 'wrong-expected-version'],
    ['no_stream repeated', none, ['a', 'b'], {}, 'repeated 1'],
    ['no_stream repeated with more', none, ['a', 'b', 'c', 'd'], {}, 'wrong-expected-version'],
    ['no_stream on a soft-deleted stream brings it back', none, ['x'], { softDeleted: true }, 'write'],
    ['no_stream with nothing on an existing stream', none, [], {}, 'wrong-expected-version'],
    ['the head', at(2n), ['x'], {}, 'write'],
    ['the head with a stored id writes it again', at(2n), ['a'], {}, 'write'],
    ['behind the head', at(1n), ['x'], {}, 'wrong-expected-version'],
    ['behind the head, repeated', at(1n), ['c'], {}, 'repeated 2'],
    ['behind the head, from the middle', at(0n), ['b'], {}, 'repeated 1'],
    ['ahead of the head', at(3n), ['x'], {}, 'wrong-expected-version'],
    ['far ahead of the head', at(9_000_000_000_000_000_000n), ['x'], {}, 'wrong-expected-version'],
    ['a tombstone refuses everything', any, ['a'], { tombstoned: true }, 'deleted'],
  ])('%s', (_, expected, ids, changes, decision) => {
    expect(decide(expected, ids, changes)).toBe(decision);
  });
});
