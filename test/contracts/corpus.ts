import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonical } from '../../libs/eventing/canonical';
import { EventTypes } from '../../libs/eventing/event-types';
import { decode } from '../../libs/eventing/projections/decoding';
import { columnsOf, refold } from '../../libs/eventing/projections/fold-rows';
import { LoggedEvent } from '../../libs/eventing/projections/mirror';
import { AnyProjection } from '../../libs/eventing/projections/projection';
import { root } from '../faults/harness/checkout';

/**
 * The frozen corpus: an example of every version of every event type that was ever written, and histories made of them.
 *
 * What is frozen stays as it is for ever; `UPDATE_GOLDEN=1` adds what is new and changes nothing that is there. The rows that
 * the histories fold to may change only together with their projection's version.
 */
const golden = join(root, 'test', 'golden');
const examples = join(golden, 'events');
const startsAt = Date.UTC(2026, 0, 5, 9);

export interface History {
  readonly category: string;
  readonly origin?: string;
  readonly steps: readonly Step[];
}

interface Step {
  /** File of the example, without its ending. */
  readonly event: string;
  /** Milliseconds after the beginning. */
  readonly at: number;
  /** Members that differ from the example's. */
  readonly data?: object;
}

type Digests = Readonly<Record<string, string>>;

const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;
export const mayUpdate = process.env['UPDATE_GOLDEN'] !== undefined;
const write = (file: string, value: unknown): void => writeFileSync(file, `${JSON.stringify(value, null, 1)}\n`);

export const digestOf = (value: unknown): string => createHash('sha256').update(canonical(value)).digest('hex');

/** `RequestHeld.v1` */
export const exampleName = (type: string, schema: number): string => `${type}.v${schema}`;

export const exampleNames = (): readonly string[] =>
  readdirSync(examples)
    .map((file) => file.replace(/\.json$/, ''))
    .sort();

export const readExample = (name: string): object | undefined => {
  const file = join(examples, `${name}.json`);
  return existsSync(file) ? readJson<object>(file) : undefined;
};

export const writeExample = (name: string, data: object): void =>
  writeFileSync(join(examples, `${name}.json`), `${JSON.stringify(data, null, 2)}\n`);

export const readHistories = (): Readonly<Record<string, History>> => readJson(join(golden, 'histories.json'));

const partsOf = (name: string): { type: string; schema: number } => {
  const [, type, schema] = /^(\w+)\.v(\d+)$/.exec(name) ?? [];
  if (!type || !schema) throw new Error(`${name} names no type and version`);
  return { type, schema: Number(schema) };
};

/** Category of a followed stream that an example belongs to, by the histories that there are. */
const categoryOf = (name: string, histories: readonly History[]): string | undefined =>
  histories.find(({ category }) => category === /^[A-Z][a-z]+/.exec(name)?.[0].toLowerCase())?.category;

/** Examples of followed categories that stand in no history. */
export const untold = (): readonly string[] => {
  const histories = Object.values(readHistories());
  const told = new Set(histories.flatMap(({ steps }) => steps.map(({ event }) => event)));
  return exampleNames().filter((name) => !told.has(name) && categoryOf(name, histories));
};

/** Gives what is untold a history of its own: what begins such a stream, and then it. What needs more of a past is written by hand. */
export const tellUntold = (): void => {
  const known = readHistories();
  const histories = Object.values(known);
  const added = untold().map((name): [string, History] => {
    const category = categoryOf(name, histories) ?? '';
    const begun = histories.findLast((history) => history.category === category)?.steps[0]?.event ?? name;
    const begins = partsOf(begun).type === partsOf(name).type;
    const steps = [...(begins ? [] : [{ event: begun, at: 0 }]), { event: name, at: begins ? 0 : 600_000 }];
    return [name, { category, steps }];
  });
  if (added.length) write(join(golden, 'histories.json'), { ...known, ...Object.fromEntries(added) });
};

/** Digests of all that is frozen, as it was when it was frozen. */
export const readSeals = (): Digests => readJson(join(golden, 'seals.json'));
export const writeSeals = (seals: Digests): void => write(join(golden, 'seals.json'), seals);

/** Digests of what is there now, under the names that the seals have. */
export const sealsNow = (): Digests =>
  Object.fromEntries([
    ...exampleNames().map((name) => [`event ${name}`, digestOf(readExample(name))] as const),
    ...Object.entries(readHistories()).map(([name, history]) => [`history ${name}`, digestOf(history)] as const),
  ]);

const metadataOf = (revision: number, schema: number, at: number, origin: string): LoggedEvent['metadata'] => ({
  ...{
    schema: String(schema),
    commandId: `command-${revision}`,
    $correlationId: 'c',
    $causationId: 'c',
    actor: 'somebody',
    origin,
  },
  recordedAt: new Date(startsAt + at).toISOString(),
  occurredAt: new Date(startsAt + at).toISOString(),
  ...{ prev: '', hash: '' },
});

/** One example by itself, as it would stand in the log. */
export const storedExample = (name: string): LoggedEvent => eventsOf('x', { steps: [{ event: name, at: 0 }] })[0]!;

const eventsOf = (stream: string, { steps, origin = 'live' }: Pick<History, 'steps' | 'origin'>): LoggedEvent[] =>
  steps.map(({ event, at, data }, revision) => {
    const { type, schema } = partsOf(event);
    return {
      ...{ stream, revision, id: `event-${revision}`, type, sequence: revision + 1, position: BigInt(revision + 1) },
      data: { ...readExample(event), ...data },
      metadata: metadataOf(revision, schema, at, origin),
    };
  });

export interface Folded {
  readonly row: object | null;
  readonly columns: object;
}

/** The row that a history folds to, as a rebuild makes it. @throws Error when it cannot be folded */
export const foldHistory = (types: EventTypes, projection: AnyProjection, history: History): Folded => {
  const events = eventsOf(`${history.category}-CSR-7K3-M9Q-XA4`, history);
  const { row, failure } = refold(projection, 'CSR-7K3-M9Q-XA4', decode(types, events));
  if (failure || !row) throw new Error(`${projection.name} does not fold: ${failure?.error}`);
  const columns = row.row ? columnsOf(projection, row.row) : {};
  return JSON.parse(JSON.stringify({ row: row.row, columns })) as Folded;
};

/** What the histories fold to: whole rows where a single event is shown, digests of the longer ones. */
export interface Folds {
  readonly version: number;
  readonly rows: Readonly<Record<string, Folded>>;
  readonly digests: Digests;
}

const foldsFile = (projection: AnyProjection): string => join(golden, 'folds', `${projection.name}.json`);

export const readFolds = (projection: AnyProjection): Folds | undefined => {
  const file = foldsFile(projection);
  return existsSync(file) ? readJson<Folds>(file) : undefined;
};

export const writeFolds = (projection: AnyProjection, folds: Folds): void => write(foldsFile(projection), folds);

export const foldsNow = (types: EventTypes, projection: AnyProjection): Folds => {
  const rows: Record<string, Folded> = {};
  const digests: Record<string, string> = {};
  for (const [name, history] of Object.entries(readHistories()))
    if (history.category === projection.category) {
      const folded = foldHistory(types, projection, history);
      if (history.steps.length > shownSteps) digests[name] = digestOf(folded);
      else rows[name] = folded;
    }
  return { version: projection.version, rows, digests };
};

const shownSteps = 2;
