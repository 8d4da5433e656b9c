import { Rejection } from '../eventing/rejection';
import { LinkKind, RelationEvent } from './events';
import { Graph, isRelated, membersOf, mergedMax, mergePath, reached, sourcesOf, survivorOf, targetsOf } from './graph';

/**
 * The rules of relations. Each is decided on all relations of its kind and appended at the revision that it was decided on, so that
 * no two of them can close a circle between them.
 */
interface KindRule {
  /** A request has one at most. */
  readonly isSingle: boolean;
  readonly isAcyclic: boolean;
}

const rules: Readonly<Record<LinkKind, KindRule>> = {
  parent: { isSingle: true, isAcyclic: true },
  'depends-on': { isSingle: false, isAcyclic: true },
  'duplicate-of': { isSingle: true, isAcyclic: true },
  'relates-to': { isSingle: false, isAcyclic: false },
};

export const linksMax = 1_000;
// Whether a circle would close is looked for among so many.
const searchedMax = 10_000;

export interface LinkOrder {
  readonly kind: LinkKind;
  readonly from: string;
  readonly to: string;
}

/** What is related is so both ways, and stands once. */
const ordered = (order: LinkOrder): LinkOrder =>
  order.kind === 'relates-to' && order.from > order.to ? { ...order, from: order.to, to: order.from } : order;

const refused = (code: string, detail: string, pointer: string, members: Record<string, string> = {}): Rejection =>
  new Rejection(code, detail, [{ pointer, code, detail }], members);

/** Every command to a request that was merged is refused with this. */
export const mergedRejection = (number: string, survivor: string, pointer?: string): Rejection => {
  const detail = `request ${number} was merged into ${survivor}`;
  const fields = pointer === undefined ? [] : [{ pointer, code: 'REQUEST_MERGED', detail }];
  return new Rejection('REQUEST_MERGED', detail, fields, { mergedInto: survivor });
};

const assertRoom = (graph: Graph, { from, to }: LinkOrder): void => {
  if (targetsOf(graph, from).length >= linksMax || sourcesOf(graph, to).length >= linksMax)
    throw refused('TOO_MANY_RELATIONS', `a request has at most ${linksMax} relations of a kind`, '/to');
};

const assertNoCircle = (graph: Graph, { from, to }: LinkOrder): void => {
  const behind = reached(to, (each) => targetsOf(graph, each), searchedMax);
  if (behind.includes(from)) throw refused('RELATION_CIRCLE', `${to} leads back to ${from}`, '/to');
  if (behind.length > searchedMax)
    throw refused('TOO_MANY_RELATIONS', `more than ${searchedMax} requests hang together`, '/to');
};

/** Says that two requests hang together. Saying so twice is not an error. */
export const link = (order: LinkOrder, graph: Graph): RelationEvent[] => {
  const { kind, from, to } = ordered(order);
  const { isSingle, isAcyclic } = rules[kind];
  if (from === to) throw refused('RELATION_TO_ITSELF', 'name another request', '/to');
  if (isRelated(graph, from, to)) return [];
  const [other] = targetsOf(graph, from);
  if (isSingle && other !== undefined)
    throw refused('RELATION_TAKEN', `request ${from} has ${other} as its ${kind}`, '/to', { to: other });
  assertRoom(graph, { kind, from, to });
  if (isAcyclic) assertNoCircle(graph, { kind, from, to });
  return [{ type: 'RequestsLinked', data: { kind, from, to } }];
};

/** Takes a relation back. One that is not there is not an error. */
export const unlink = (order: LinkOrder, graph: Graph): RelationEvent[] => {
  const { kind, from, to } = ordered(order);
  return isRelated(graph, from, to) ? [{ type: 'RequestsUnlinked', data: { kind, from, to } }] : [];
};

export interface MergeOrder {
  readonly source: string;
  readonly survivor: string;
  readonly reason: string;
}

/**
 * Lets one request stand for another one. Only requests that stand for themselves can be merged, and only into such: what comes out
 * is a tree whatever the order, and a circle has no way to come about.
 */
export const merge = ({ source, survivor, reason }: MergeOrder, merges: Graph): RelationEvent[] => {
  if (source === survivor) throw refused('RELATION_TO_ITSELF', 'name another request', '/into');
  if (isRelated(merges, source, survivor)) return [];
  const beyond = mergePath(merges, survivor);
  if (beyond.includes(source)) throw refused('RELATION_CIRCLE', `${survivor} was merged into ${source}`, '/into');
  const [of, into] = [survivorOf(merges, source), beyond.at(-1)];
  if (of !== undefined) throw mergedRejection(source, of);
  if (into !== undefined) throw mergedRejection(survivor, into, '/into');
  const members = membersOf(merges, source);
  if (members.length + membersOf(merges, survivor).length > mergedMax)
    throw refused('TOO_MANY_RELATIONS', `at most ${mergedMax} requests become one`, '/into');
  return [{ type: 'RequestsMerged', data: { source, survivor, members, reason } }];
};

/** Lets a merged request stand for itself again, with all that was merged into it. One that was not merged is not an error. */
export const unmerge = (source: string, reason: string, merges: Graph): RelationEvent[] => {
  const path = mergePath(merges, source);
  const [survivor] = path;
  if (survivor === undefined) return [];
  return [{ type: 'RequestsUnmerged', data: { source, survivor, members: membersOf(merges, source), path, reason } }];
};
