import { EventType, EventTypes } from '../../../eventing/event-types';
import { ReportingRow, Snapshot } from '../snapshot.adapter';
import { Directory, eventTypeOf, MinedEvent, objectId, ocelEvent, OcelRelation, OcelType } from './ocel-log';

/** The log as OCEL 2.0 in JSON, written a batch at a time. Events without an instant, which are none of ours, are left out. */
const typeIn = (types: EventTypes, name: string): EventType | undefined =>
  types.names().includes(name) ? types.of(name) : undefined;

const typesSql = `select distinct type collate "C" as type from reporting.events where occurred_at is not null order by 1`;

const eventsSql = `
  select e.id, e.type, e.occurred_at, e.category, e.key, e.revision, e.origin, e.actor_id, r.customer_id, e.data
  from reporting.events e left join reporting.requests r on r.number = e.number
  where e.occurred_at is not null order by e.sequence`;

// What events tell of is an object, also where an event that cannot be applied left no row of it.
const subjectsOf = (category: 'request' | 'customer'): string =>
  `select key from reporting.events where category = '${category}' and occurred_at is not null`;

const customersSql = `
  select id from (
    select id from reporting.customers union select customer_id from reporting.requests union ${subjectsOf('customer')}
  ) c where id is not null order by id collate "C"`;
const agentsSql = `select id, handle, team_id from reporting.staff order by id collate "C"`;
const teamsSql = `select id, handle from reporting.teams order by id collate "C"`;
const requestsSql = `
  select s.key as number, r.status, r.type, r.category, r.product, r.priority, r.level,
    r.customer_id, r.team_id, r.assignee_id, r.updated_at
  from (${subjectsOf('request')} group by key) s left join reporting.requests r on r.number = s.key
  order by s.key collate "C"`;

const requestAttributes = ['status', 'type', 'category', 'product', 'priority', 'level'] as const;
const strings = (names: readonly string[]): OcelType['attributes'] =>
  names.map((name) => ({ name, type: 'string' as const }));
const objectTypes: readonly OcelType[] = [
  { name: 'request', attributes: strings(requestAttributes) },
  { name: 'customer', attributes: [] },
  { name: 'agent', attributes: strings(['handle']) },
  { name: 'team', attributes: strings(['handle']) },
];
// The specification's instant for what an object always was.
const always = '1970-01-01T00:00:00Z';

interface OcelObject {
  readonly id: string;
  readonly type: string;
  readonly attributes: readonly { readonly name: string; readonly value: string; readonly time: string }[];
  readonly relationships: readonly OcelRelation[];
}

const text = (row: ReportingRow, name: string): string | undefined => {
  const value = row[name];
  return typeof value === 'string' ? value : undefined;
};

const related = (row: ReportingRow, name: string, type: 'customer' | 'agent' | 'team', qualifier: string) => {
  const id = text(row, name);
  return id === undefined ? [] : [{ objectId: objectId(type, id), qualifier }];
};

const attributesOf = (row: ReportingRow, names: readonly string[], time: string): OcelObject['attributes'] =>
  names.flatMap((name) => {
    const value = text(row, name);
    return value === undefined ? [] : [{ name, value, time }];
  });

const requestObject = (row: ReportingRow, { agents, teams }: Directory): OcelObject => {
  const time = row['updated_at'] instanceof Date ? row['updated_at'].toISOString() : always;
  const held = [...related(row, 'team_id', 'team', 'team'), ...related(row, 'assignee_id', 'agent', 'assignee')];
  const isKnown = ({ objectId: id }: OcelRelation): boolean =>
    agents.has(id.slice('agent:'.length)) || teams.has(id.slice('team:'.length));
  return {
    ...{ id: objectId('request', text(row, 'number') ?? ''), type: 'request' },
    attributes: attributesOf(row, requestAttributes, time),
    relationships: [...related(row, 'customer_id', 'customer', 'customer'), ...held.filter(isKnown)],
  };
};

const person = (row: ReportingRow, type: 'customer' | 'agent' | 'team', { teams }: Directory): OcelObject => ({
  ...{ id: objectId(type, text(row, 'id') ?? ''), type },
  attributes: attributesOf(row, ['handle'], always),
  relationships: teams.has(text(row, 'team_id') ?? '') ? related(row, 'team_id', 'team', 'member') : [],
});

const collect = async (snapshot: Snapshot, sql: string, name: string): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const rows of snapshot.select(sql)) found.push(...rows.flatMap((row) => text(row, name) ?? []));
  return found;
};

type Pieces = AsyncGenerator<{ readonly piece: string; readonly rows: number }>;

/** The elements of an array that was begun, one a line. */
async function* elements(batches: AsyncIterable<readonly object[]>, isFirst = { yes: true }): Pieces {
  for await (const batch of batches) {
    const lines = batch.map((element) => {
      const comma = isFirst.yes ? '' : ',';
      isFirst.yes = false;
      return `${comma}\n${JSON.stringify(element)}`;
    });
    yield { piece: lines.join(''), rows: batch.length };
  }
}

async function* mapped<T>(
  batches: AsyncIterable<readonly ReportingRow[]>,
  map: (row: ReportingRow) => T,
): AsyncGenerator<T[]> {
  for await (const batch of batches) yield batch.map(map);
}

export async function* ocelFile(snapshot: Snapshot, types: EventTypes): Pieces {
  const names = await collect(snapshot, typesSql, 'type');
  const known = new Map(names.map((name) => [name, typeIn(types, name)]));
  const directory: Directory = {
    agents: new Set(await collect(snapshot, agentsSql, 'id')),
    teams: new Set(await collect(snapshot, teamsSql, 'id')),
  };
  const eventTypes = names.map((name) => eventTypeOf(name, known.get(name)));
  yield {
    piece: `{"eventTypes":${JSON.stringify(eventTypes)},\n"objectTypes":${JSON.stringify(objectTypes)},\n"events":[`,
    rows: 0,
  };
  const mined = (row: ReportingRow): object =>
    ocelEvent(row as unknown as MinedEvent, known.get(text(row, 'type') ?? ''), directory);
  yield* elements(mapped(snapshot.select(eventsSql), mined));
  yield { piece: '\n],\n"objects":[', rows: 0 };
  const isFirst = { yes: true };
  const objects: readonly (readonly [string, (row: ReportingRow) => object])[] = [
    [requestsSql, (row) => requestObject(row, directory)],
    [customersSql, (row) => person(row, 'customer', directory)],
    [agentsSql, (row) => person(row, 'agent', directory)],
    [teamsSql, (row) => person(row, 'team', directory)],
  ];
  for (const [sql, map] of objects)
    for await (const { piece } of elements(mapped(snapshot.select(sql), map), isFirst)) yield { piece, rows: 0 };
  yield { piece: '\n]}\n', rows: 0 };
}
