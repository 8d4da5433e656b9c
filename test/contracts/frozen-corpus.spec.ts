import { eventTypes } from '../../apps/domain';
import { EventTypes } from '../../libs/eventing/event-types';
import { AnyProjection } from '../../libs/eventing/projections/projection';
import { queueProjection } from '../../libs/requests/read-models/queue/queue.projection';
import { requestProjections } from '../../libs/requests/read-models/projections';
import {
  exampleName,
  exampleNames,
  Folds,
  foldsNow,
  mayUpdate,
  readExample,
  readFolds,
  readSeals,
  sealsNow,
  storedExample,
  tellUntold,
  untold,
  writeExample,
  writeFolds,
  writeSeals,
} from './corpus';
import { eventExamples } from './event-examples';

/** Once a version is written it can be read for ever. Nothing here may be made to pass by changing what is frozen. */
const types = eventTypes();
const freezes = 'UPDATE_GOLDEN=1 freezes what is new';

/** What stands in `frozen` and is no longer so. */
const broken = (frozen: Readonly<Record<string, unknown>>, now: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.keys(frozen).filter((name) => JSON.stringify(frozen[name]) !== JSON.stringify(now[name]));

const unfrozen = (frozen: object, now: object): readonly string[] =>
  Object.keys(now).filter((name) => !(name in frozen));

describe('examples', () => {
  beforeAll(() => {
    if (!mayUpdate) return;
    for (const [type, data] of Object.entries(eventExamples))
      if (!readExample(exampleName(type, types.of(type).schema)))
        writeExample(exampleName(type, types.of(type).schema), data);
    tellUntold();
    writeSeals({ ...sealsNow(), ...readSeals() });
  });

  it.each(Object.entries(eventExamples))('hold the newest version of %s, unchanged', (type, data) => {
    expect(readExample(exampleName(type, types.of(type).schema)) ?? freezes).toEqual(data);
  });

  it.each(types.names())('hold every version of %s that was ever written', (type) => {
    const versions = Array.from({ length: types.of(type).schema }, (_, index) => exampleName(type, index + 1));
    expect(exampleNames()).toEqual(expect.arrayContaining(versions));
  });

  it('are, with the histories, what they were when they were frozen', () => {
    expect(broken(readSeals(), sealsNow())).toEqual([]);
    expect([unfrozen(readSeals(), sealsNow()), freezes]).toEqual([[], freezes]);
  });

  it('are missed when one is removed or changed', () => {
    const { 'event RequestHeld.v1': held, ...others } = sealsNow();
    expect(held).toBeDefined();
    expect(broken(readSeals(), others)).toEqual(['event RequestHeld.v1']);
    expect(broken(readSeals(), { ...others, 'event RequestHeld.v1': 'other' })).toEqual(['event RequestHeld.v1']);
  });

  it.each(exampleNames())('can still be read, with every string classified: %s', (name) => {
    const event = storedExample(name);
    expect(
      stringsIn(types.decode(event).data).filter((at) => types.classOf(event.type, at) === 'unclassified'),
    ).toEqual([]);
  });

  it('of all types of a category with a read model stand in a history', () => {
    expect([untold(), freezes]).toEqual([[], freezes]);
  });
});

const stringsIn = (value: unknown, pointer = ''): readonly string[] => {
  if (typeof value === 'string') return [pointer];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => stringsIn(member, `${pointer}/${key}`));
};

/** Histories whose rows are not those that were stored under the same version. */
const changed = (registry: EventTypes, projection: AnyProjection, stored: Folds): readonly string[] => {
  const now = foldsNow(registry, projection);
  return [...broken(stored.rows, now.rows), ...broken(stored.digests, now.digests)];
};

describe('a projection that gives other rows has another version', () => {
  it.each(requestProjections.map((projection) => [projection.name, projection] as const))('%s', (name, projection) => {
    const stored = readFolds(projection);
    const now = foldsNow(types, projection);
    if (mayUpdate) {
      const kept = stored?.version === projection.version ? stored : undefined;
      writeFolds(projection, {
        version: projection.version,
        rows: { ...now.rows, ...kept?.rows },
        digests: { ...now.digests, ...kept?.digests },
      });
    }
    const frozen = readFolds(projection);
    if (!frozen) throw new Error(`${name} has no stored rows: ${freezes}`);
    // Rows of another version are replaced: `UPDATE_GOLDEN=1` does so once the version is new.
    expect([frozen.version, freezes]).toEqual([projection.version, freezes]);
    expect(changed(types, projection, frozen)).toEqual([]);
    expect([unfrozen(frozen.rows, now.rows), unfrozen(frozen.digests, now.digests), freezes]).toEqual([
      [],
      [],
      freezes,
    ]);
  });

  it('is noticed when it does not', () => {
    const careless: typeof queueProjection = {
      ...queueProjection,
      evolve: (row, event) => queueProjection.evolve({ ...row, level: 'L1' }, event),
    };
    const stored = readFolds(queueProjection);
    if (!stored) throw new Error('the queue has no stored rows');
    expect(changed(types, careless, stored)).toContain('walk-02');
    const columns = { ...queueProjection.columns, status: { type: 'text' as const, of: () => 'open' } };
    expect(changed(types, { ...queueProjection, columns }, stored)).toContain('RequestHeld.v1');
  });
});
