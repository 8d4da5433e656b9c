/**
 * Decides what an append at an expected revision means. It is the rule of the real server's index writer, row by row:
 * see `CommitCheck` for the outcomes. Pure: what is stored is asked for through `Known`.
 */
export type Expected =
  { kind: 'any' } | { kind: 'no_stream' } | { kind: 'stream_exists' } | { kind: 'revision'; revision: bigint };

export type CommitCheck =
  | { decision: 'write' }
  /** The same append was done before; `revision` is that of its last event. */
  | { decision: 'repeated'; revision: number }
  | { decision: 'wrong-expected-version' }
  | { decision: 'deleted' };

export interface Known {
  /** Last revision, -1 without events; in-flight appends count. */
  head: number;
  tombstoned: boolean;
  softDeleted: boolean;
  hasMetadata: boolean;
  /** Revision under which this stream recently got the event, if it is remembered. */
  recentRevision(id: string): number | undefined;
  /** Id of the event stored at a revision of this stream. */
  idAt(revision: number): string | undefined;
}

const write: CommitCheck = { decision: 'write' };
const wrong: CommitCheck = { decision: 'wrong-expected-version' };
const deleted: CommitCheck = { decision: 'deleted' };

export const checkCommit = (expected: Expected, ids: readonly string[], known: Known): CommitCheck => {
  if (known.tombstoned) return deleted;
  switch (expected.kind) {
    case 'any':
      return checkRecent(ids, known);
    case 'stream_exists':
      if (known.softDeleted) return deleted;
      if (known.head < 0 && !known.hasMetadata) return wrong;
      return checkRecent(ids, known);
    case 'no_stream':
      return checkRevision(-1, ids, known);
    case 'revision':
      return expected.revision > BigInt(known.head) ? wrong : checkRevision(Number(expected.revision), ids, known);
  }
};

// Only the first id decides whether this is a repeat; a repeat must then be one to its end.
const checkRecent = (ids: readonly string[], known: Known): CommitCheck => {
  let revision: number | undefined;
  for (const [i, id] of ids.entries()) {
    revision = known.recentRevision(id);
    if (revision === undefined) return i === 0 ? write : wrong;
  }
  return revision === undefined ? write : { decision: 'repeated', revision };
};

const checkRevision = (expected: number, ids: readonly string[], known: Known): CommitCheck => {
  // At the head nothing is compared: the same id may be written twice there.
  if (expected === known.head) return write;
  if (expected > known.head) return wrong;
  for (const [i, id] of ids.entries()) {
    if (known.idAt(expected + 1 + i) === id) continue;
    return i === 0 && expected === -1 && known.softDeleted ? write : wrong;
  }
  return ids.length === 0 ? wrong : { decision: 'repeated', revision: expected + ids.length };
};
