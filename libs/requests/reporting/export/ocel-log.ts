import { EventType } from '../../../eventing/event-types';

/**
 * The log in the words of OCEL 2.0: events, and the requests, customers, agents and teams that take part in them.
 *
 * The published schema takes attribute values as texts only, so they are, with their kinds declared beside the types.
 */
export interface OcelRelation {
  readonly objectId: string;
  readonly qualifier: string;
}

export interface OcelEvent {
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly attributes: readonly { readonly name: string; readonly value: string }[];
  readonly relationships: readonly OcelRelation[];
}

export interface OcelType {
  readonly name: string;
  readonly attributes: readonly { readonly name: string; readonly type: 'string' | 'integer' }[];
}

/** An event with what is known of those who take part. */
export interface MinedEvent {
  readonly id: string;
  readonly type: string;
  readonly occurred_at: Date;
  readonly category: string;
  readonly key: string;
  readonly revision: number;
  readonly origin: string | null;
  readonly actor_id: string | null;
  /** Whose request it is. */
  readonly customer_id: string | null;
  readonly data: Readonly<Record<string, unknown>> | null;
}

export const objectId = (type: 'request' | 'customer' | 'agent' | 'team', id: string): string => `${type}:${id}`;

// These are relations to objects, said as such and not as attributes.
const related = new Set(['number', 'customer', 'team', 'assignee']);
const always = ['revision', 'origin'] as const;

/** Members of the data that are attributes: plain texts at the top, as the registry has them. */
const attributeNames = (type: EventType | undefined): readonly string[] =>
  (type?.plain ?? [])
    .filter((pointer) => pointer.lastIndexOf('/') === 0)
    .map((pointer) => pointer.slice(1))
    .filter((name) => !related.has(name))
    .sort();

export const eventTypeOf = (name: string, type: EventType | undefined): OcelType => ({
  name,
  attributes: [
    ...always.map((each) => ({ name: each, type: each === 'revision' ? ('integer' as const) : ('string' as const) })),
    ...attributeNames(type).map((each) => ({ name: each, type: 'string' as const })),
  ],
});

export interface Directory {
  readonly agents: ReadonlySet<string>;
  readonly teams: ReadonlySet<string>;
}

const own: Readonly<Record<string, 'request' | 'customer' | 'agent' | 'team'>> = {
  request: 'request',
  customer: 'customer',
  staff: 'agent',
  team: 'team',
};

const member = (data: unknown, name: string): unknown =>
  typeof data === 'object' && data !== null ? Reflect.get(data, name) : undefined;

/** Teams and agents that the data name, as far as they are known. */
const named = ({ data }: MinedEvent, { agents, teams }: Directory): readonly OcelRelation[] => {
  const from = member(data, 'from');
  const candidates = [
    ...[{ id: member(data, 'team'), qualifier: 'team', type: 'team' as const, known: teams }],
    ...[{ id: member(from, 'team') ?? from, qualifier: 'from-team', type: 'team' as const, known: teams }],
    ...[{ id: member(data, 'assignee'), qualifier: 'assignee', type: 'agent' as const, known: agents }],
    ...[{ id: member(from, 'assignee'), qualifier: 'from-assignee', type: 'agent' as const, known: agents }],
  ];
  return candidates.flatMap(({ id, qualifier, type, known }) =>
    typeof id === 'string' && known.has(id) ? [{ objectId: objectId(type, id), qualifier }] : [],
  );
};

/** Members of staff and teams that are known are objects; requests and customers are wherever there is an event of theirs. */
const isObject = (
  type: 'request' | 'customer' | 'agent' | 'team',
  id: string,
  { agents, teams }: Directory,
): boolean => (type === 'agent' ? agents.has(id) : type !== 'team' || teams.has(id));

const relationsOf = (event: MinedEvent, directory: Directory): readonly OcelRelation[] => {
  const { category, key, actor_id: actor, customer_id: customer } = event;
  const subject = own[category];
  const isKnown = subject !== undefined && isObject(subject, key, directory);
  const relations: OcelRelation[] = isKnown ? [{ objectId: objectId(subject, key), qualifier: 'subject' }] : [];
  if (customer !== null) relations.push({ objectId: objectId('customer', customer), qualifier: 'customer' });
  if (actor !== null && directory.agents.has(actor))
    relations.push({ objectId: objectId('agent', actor), qualifier: 'actor' });
  else if (actor !== null && actor === customer)
    relations.push({ objectId: objectId('customer', actor), qualifier: 'actor' });
  return [...relations, ...named(event, directory)];
};

export const ocelEvent = (event: MinedEvent, type: EventType | undefined, directory: Directory): OcelEvent => ({
  id: event.id,
  type: event.type,
  time: event.occurred_at.toISOString(),
  attributes: [
    { name: 'revision', value: String(event.revision) },
    ...(event.origin === null ? [] : [{ name: 'origin', value: event.origin }]),
    ...attributeNames(type).flatMap((name) => {
      const value = event.data?.[name];
      return typeof value === 'string' ? [{ name, value }] : [];
    }),
  ],
  relationships: relationsOf(event, directory),
});
