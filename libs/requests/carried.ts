import { LinkKind, RelationEventOf } from '../relations/events';
import { AbsorbedMember } from './event-values';
import { RequestEvent } from './events';
import { Request } from './request';
import { Relation } from './vocabulary';

/** What an event about relations says in the history of one request. */
export interface Carried {
  readonly number: string;
  readonly event: RequestEvent;
}

/** What the second is to the first, and the first to the second. */
const words: Readonly<Record<LinkKind, readonly [Relation, Relation]>> = {
  parent: ['parent', 'child'],
  'depends-on': ['depends-on', 'needed-by'],
  'relates-to': ['relates-to', 'relates-to'],
  'duplicate-of': ['duplicate-of', 'duplicated-by'],
};

const linkTypes = { RequestsLinked: 'RequestLinked', RequestsUnlinked: 'RequestUnlinked' } as const;

export const carriedLink = ({
  type,
  data: { kind, from, to },
}: RelationEventOf<'RequestsLinked' | 'RequestsUnlinked'>): readonly Carried[] => {
  const [forward, backward] = words[kind];
  return [
    { number: from, event: { type: linkTypes[type], data: { relation: forward, number: to } } },
    { number: to, event: { type: linkTypes[type], data: { relation: backward, number: from } } },
  ];
};

/** When the clocks counted that the merge has ended. What they had taken over from others is told by those. */
export const waitsOf = (state: Request): AbsorbedMember['waits'] => {
  const tracks = state.status === 'none' ? [] : (state.time.clocks?.tracks ?? []);
  return tracks
    .filter(({ endedBy }) => endedBy === 'merged')
    .flatMap(({ metric, intervals }) =>
      intervals.flatMap(({ cause, from, to }) =>
        cause === 'running' && to !== null && from < to ? [{ metric, from: iso(from), to: iso(to) }] : [],
      ),
    );
};

const iso = (instant: number): string => new Date(instant).toISOString();

type Merged = RelationEventOf<'RequestsMerged'>['data'];
type Unmerged = RelationEventOf<'RequestsUnmerged'>['data'];

/** First in the source, so that its clocks have ended when the survivor is told of them. @param reason null when it cannot be read */
export const carriedToSource = ({ source, survivor }: Merged, reason: string | null): Carried => ({
  number: source,
  event: { type: 'RequestMerged', data: { into: survivor, reason } },
});

export const carriedToSurvivor = ({ source, survivor }: Merged, members: readonly AbsorbedMember[]): Carried => ({
  number: survivor,
  event: { type: 'RequestAbsorbed', data: { number: source, members } },
});

export const carriedFromSurvivor = ({ source, survivor }: Unmerged, reason: string | null): Carried => ({
  number: source,
  event: { type: 'RequestUnmerged', data: { from: survivor, reason } },
});

/** To the source, and to everything that stood for it: what was told of its clocks further on is taken back there as well. */
export const carriedApart = (unmerged: Unmerged, reason: string | null): readonly Carried[] => [
  carriedFromSurvivor(unmerged, reason),
  ...unmerged.path.map((number): Carried => ({
    number,
    event: { type: 'RequestSeparated', data: { number: unmerged.source, members: unmerged.members } },
  })),
];
