import { isDeepStrictEqual } from 'node:util';
import { categoryOf, keyOf, StoredEvent } from '../../../libs/eventing/event';
import { LoggedEvent } from '../../../libs/eventing/projections/mirror';
import { AnyProjection, Projection, tableOf } from '../../../libs/eventing/projections/projection';
import { Queryable, readLogAfter, readProgress } from '../../../libs/eventing/projections/projection-store.adapter';
import { readQuarantine } from '../../../libs/eventing/projections/quarantine.adapter';
import { rebuild } from '../../../libs/eventing/projections/rebuild';
import { Engine } from '../../../libs/platform/engine/engine';
import { Findings } from './findings';

/**
 * Compares what is derived with the log, in two ways that share nothing: our own rebuild from the mirror, and a fold
 * straight from the store that is as simple as can be and borrows only the projection's `evolve`, `initial` and `correct`.
 */
const pageEvents = 2_000;

interface Folded {
  readonly key: string;
  readonly revision: number;
  readonly sequence: string;
  readonly row: unknown;
}

/** Seen without its row type, as the runner does: the rows that it makes are its own. */
const untyped = (projection: AnyProjection): Projection => projection as unknown as Projection;

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const naiveFold = (engine: Engine, projection: AnyProjection, events: readonly StoredEvent[]): Folded[] => {
  const { initial, evolve, correct, category } = untyped(projection);
  const histories = new Map<string, { event: StoredEvent; sequence: number }[]>();
  events.forEach((event, index) => {
    if (categoryOf(event.stream) !== category) return;
    histories.set(event.stream, [...(histories.get(event.stream) ?? []), { event, sequence: index + 1 }]);
  });
  return [...histories].flatMap(([stream, history]) => {
    const recorded = history.map(({ event }) => engine.types.decode(event));
    let row: object | null = null;
    for (const event of correct ? correct(recorded) : recorded) row = evolve(row ?? initial(keyOf(stream)), event);
    const last = history.at(-1);
    if (!row || !last) return [];
    const [revision, sequence] = [last.event.revision, String(last.sequence)];
    return [{ key: keyOf(stream), revision, sequence, row: asJson(row) }];
  });
};

const rowsOf = async (db: Queryable, projection: AnyProjection): Promise<ReadonlyMap<string, Folded>> => {
  const { rows } = await db.query<Folded>(
    `select key, revision, sequence, row from ${tableOf(projection)} order by key`,
  );
  return new Map(rows.map((row) => [row.key, row]));
};

const checkFold = async (
  engine: Engine,
  projection: AnyProjection,
  events: readonly StoredEvent[],
  findings: Findings,
): Promise<void> => {
  const found = await rowsOf(engine.pool, projection);
  const expected = naiveFold(engine, projection, events);
  const keys = new Set(expected.map(({ key }) => key));
  for (const row of expected)
    if (!isDeepStrictEqual(found.get(row.key), row))
      findings.add(
        'differing-from-fold',
        `${projection.name} ${row.key}: ${JSON.stringify(found.get(row.key))} should be ${JSON.stringify(row)}`,
      );
  for (const key of found.keys())
    if (!keys.has(key)) findings.add('differing-from-fold', `${projection.name} ${key} has a row and no history`);
};

/** Everything of every row, columns included, as one fingerprint. */
const fingerprint = async (db: Queryable, projection: AnyProjection): Promise<string> => {
  const table = tableOf(projection);
  const { rows } = await db.query<{ digest: string | null }>(
    `select md5(string_agg(md5(t::text), '' order by key)) as digest from ${table} t`,
  );
  return rows[0]?.digest ?? 'no rows';
};

const checkRebuild = async (
  engine: Engine,
  projections: readonly AnyProjection[],
  findings: Findings,
): Promise<void> => {
  const { pool, types, build } = engine;
  const before = await Promise.all(projections.map((projection) => fingerprint(pool, projection)));
  for (const { projection, differing } of await rebuild(pool, types, projections, { build, startedBy: 'checker' }))
    for (let row = 0; row < differing; row++) findings.add('differing-from-rebuild', `row ${row + 1} of ${projection}`);
  for (const [index, projection] of projections.entries())
    if ((await fingerprint(pool, projection)) !== before[index])
      findings.add('differing-from-rebuild', `the bytes of ${projection.name}`);
};

const mirror = async (db: Queryable): Promise<LoggedEvent[]> => {
  const events: LoggedEvent[] = [];
  for (let page = await readLogAfter(db, 0, pageEvents); page.length;) {
    events.push(...page);
    page = await readLogAfter(db, events.at(-1)?.sequence ?? 0, pageEvents);
  }
  return events;
};

/** `event_log` is the log again, in the same order, counted densely; the checkpoint stands at its end. */
const checkMirror = async (engine: Engine, events: readonly StoredEvent[], findings: Findings): Promise<void> => {
  const mirrored = await mirror(engine.pool);
  if (mirrored.length !== events.length)
    findings.add('mirror', `${mirrored.length} events in event_log, ${events.length} in the store`);
  mirrored.forEach(({ sequence, ...event }, index) => {
    const stored = events[index];
    if (sequence !== index + 1) findings.add('mirror', `sequence ${sequence} at place ${index + 1}`);
    if (stored && !isDeepStrictEqual(event, asStored(stored)))
      findings.add(
        'mirror',
        `${event.stream} ${event.revision} stands where ${stored.stream} ${stored.revision} should`,
      );
    const before = mirrored[index - 1];
    if (before && before.position >= event.position) findings.add('mirror', `position ${event.position} goes back`);
  });
  const { position, sequence } = await readProgress(engine.pool);
  const last = mirrored.at(-1);
  if (sequence !== (last?.sequence ?? 0) || position !== (last?.position ?? -1n))
    findings.add(
      'checkpoint',
      `it stands at ${sequence}, ${position}; the last event at ${last?.sequence}, ${last?.position}`,
    );
};

const asStored = (event: StoredEvent): StoredEvent => ({
  ...event,
  data: asJson(event.data),
  metadata: { ...event.metadata },
});

/** @param events all of the log, in its order, of the categories that the projections follow */
export const checkReadModels = async (
  engine: Engine,
  projections: readonly AnyProjection[],
  events: readonly StoredEvent[],
  findings: Findings,
): Promise<void> => {
  await checkMirror(engine, events, findings);
  for (const { projection, key, error } of await readQuarantine(engine.pool))
    findings.add('quarantined', `${projection} ${key}: ${error}`);
  for (const projection of projections) await checkFold(engine, projection, events, findings);
  await checkRebuild(engine, projections, findings);
  for (const projection of projections) await checkFold(engine, projection, events, findings);
};
