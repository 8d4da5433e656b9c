import { carries, EventOf, EventType } from '../eventing/event-types';
import { PersonalText } from '../eventing/sealed';

/**
 * Which requests hang together: one stream a kind of relation, so that all relations of a kind have one order and a circle is seen
 * before it is closed.
 */
export const relationCategory = 'relation';

/** Each reads as a sentence: the first request has the second as its parent, depends on it, relates to it, duplicates it. */
export const linkKinds = ['parent', 'depends-on', 'relates-to', 'duplicate-of'] as const;
export type LinkKind = (typeof linkKinds)[number];

export const mergeKind = 'merge';
export type RelationKind = LinkKind | typeof mergeKind;

interface Link {
  readonly kind: LinkKind;
  readonly from: string;
  readonly to: string;
}

interface Merge {
  readonly source: string;
  readonly survivor: string;
  /** The source, and everything that had been merged into it and still is. */
  readonly members: readonly string[];
  /** On its way to the source's own history; unreadable once it stands there. */
  readonly reason: PersonalText;
}

const link: EventType = { schema: 1, personal: [], plain: ['/kind', '/from', '/to'] };
const merge = ['/source', '/survivor', '/members/*'];

export const relationEventTypes = {
  RequestsLinked: carries<Link>(link),
  RequestsUnlinked: carries<Link>(link),
  RequestsMerged: carries<Merge>({ schema: 1, personal: ['/reason'], plain: merge }),
  /** `path`: the survivor, what that had been merged into, and so on to the end. */
  RequestsUnmerged: carries<Merge & { readonly path: readonly string[] }>({
    schema: 1,
    personal: ['/reason'],
    plain: [...merge, '/path/*'],
  }),
};

export type RelationEventType = keyof typeof relationEventTypes;
export type RelationEventOf<T extends RelationEventType> = EventOf<typeof relationEventTypes, T>;
export type RelationEvent = RelationEventOf<RelationEventType>;
