import fc from 'fast-check';
import { Recorded } from '../../../eventing/event';
import { Cut, effectiveInstants } from '../../../eventing/projections/as-of';
import { Decoded } from '../../../eventing/projections/decoding';
import { Projection } from '../../../eventing/projections/projection';
import { readQuery } from '../../../platform/http/query-parameters';
import { isClerical } from '../../clock-events';
import { correctRequest } from '../../corrections';
import { RequestEvent } from '../../events';
import { held, noted, number, opened, resolved } from '../../testing/given';
import { accountabilityProjection } from '../accountability/accountability.projection';
import { queueProjection } from '../queue/queue.projection';
import { requestProjection } from '../request/request.projection';
import { serviceLevelsProjection } from '../service-levels/service-levels.projection';
import { anyHistory } from '../testing/arbitrary-history';
import { iso, rebuilt, startOfDay, timeline } from '../testing/timeline';
import { asOfParameters } from './as-of.http';
import { rowAsOf } from './as-of.query';

const few = { numRuns: 30 };

type History = readonly Recorded<RequestEvent>[];

/** Sequences with gaps, as one case's events have them among those of others. */
const sequenceOf = ({ revision }: Recorded): number => 3 * revision + 2;
const logged = (events: History): Decoded => ({
  events: events.map((event) => ({ sequence: sequenceOf(event), event })),
  unreadable: undefined,
});
const asOf = <Row extends object>(projection: Projection<Row, RequestEvent>, events: History, cut: Cut) =>
  rowAsOf(projection, number, logged(events), cut)?.row ?? null;

const atOf = ({ metadata }: Recorded): number => Date.parse(metadata.occurredAt);

/** By the definition, event by event: it has happened, and so has all of the case that came before it. */
const happened = (corrected: History, instant: number): History =>
  corrected.filter(
    (event, index) =>
      atOf(event) <= instant &&
      corrected.slice(0, index).every((earlier) => isClerical(earlier) || atOf(earlier) <= instant),
  );

const folded = <Row extends object>({ initial, evolve }: Projection<Row, RequestEvent>, events: History): Row | null =>
  events.reduce<Row | null>((row, event) => evolve(row ?? initial(number), event), null);

const check = <Row extends object>(projection: Projection<Row, RequestEvent>): void => {
  it(`${projection.name}: as recorded at any sequence, it is the fold of the log cut there`, () =>
    fc.assert(
      fc.property(anyHistory, (events) => {
        for (let sequence = 0; sequence <= 3 * events.length + 2; sequence++) {
          const cutOff = events.filter((event) => sequenceOf(event) <= sequence);
          expect(asOf(projection, events, { meaning: 'recorded', sequence })).toEqual(rebuilt(projection, cutOff));
        }
      }),
      few,
    ));

  it(`${projection.name}: as true at any instant, it is the fold of what had happened by then, corrected`, () =>
    fc.assert(
      fc.property(anyHistory, (events) => {
        const corrected = correctRequest(events);
        const instants = [...events, ...corrected].map(atOf).flatMap((at) => [at - 1, at, at + 1]);
        for (const instant of instants)
          expect(asOf(projection, events, { meaning: 'true', instant })).toEqual(
            folded(projection, happened(corrected, instant)),
          );
      }),
      few,
    ));

  it(`${projection.name}: in the end both meanings are the row that there is`, () =>
    fc.assert(
      fc.property(anyHistory, (events) => {
        const row = rebuilt(projection, events);
        expect(asOf(projection, events, { meaning: 'recorded', sequence: 1e9 })).toEqual(row);
        expect(asOf(projection, events, { meaning: 'true', instant: 1e15 })).toEqual(row);
      }),
      few,
    ));
};

check(requestProjection);
check(queueProjection);
check(serviceLevelsProjection);
check(accountabilityProjection);

const corrected = (corrects: number, values: object): RequestEvent => ({
  type: 'RequestCorrected',
  data: { corrects, reason: 'typo', values },
});
const at = (seconds: number): Cut => ({ meaning: 'true', instant: startOfDay + seconds * 1000 });
const known = (revision: number): Cut => ({ meaning: 'recorded', sequence: 3 * revision + 2 });

describe('a late correction makes the two meanings differ', () => {
  const events = timeline([
    [0, opened({ product: 'LaserJet 4' })],
    [60, noted],
    [120, resolved],
    [9000, corrected(0, { product: 'LaserJet 5' })],
    [9060, corrected(2, { occurredAt: iso(30) })],
  ]);
  it('of a value', () => {
    expect(asOf(requestProjection, events, known(1))).toMatchObject({ product: 'LaserJet 4', status: 'open' });
    expect(asOf(requestProjection, events, at(60))).toMatchObject({ product: 'LaserJet 5' });
    expect(asOf(requestProjection, events, known(3))).toMatchObject({ product: 'LaserJet 5' });
  });
  it('of an instant: what was resolved earlier than noted down was resolved no earlier than what came before it', () => {
    expect(asOf(requestProjection, events, at(59))).toMatchObject({ status: 'open' });
    expect(asOf(requestProjection, events, at(60))).toMatchObject({ status: 'resolved' });
    expect(asOf(requestProjection, events, known(1))).toMatchObject({ status: 'open' });
  });
});

it('lets work on the record delay nothing that follows', () => {
  const events = timeline([
    [0, opened()],
    [9000, corrected(0, { type: 'question' })],
    [60, held],
  ]);
  expect(effectiveInstants(events, isClerical).map((instant) => (instant - startOfDay) / 1000)).toEqual([0, 9000, 60]);
  expect(asOf(requestProjection, events, at(60))).toMatchObject({ status: 'held', type: 'question' });
});

it('has no row before the case was there', () => {
  const events = timeline([[10, opened()]]);
  expect(asOf(requestProjection, events, at(9))).toBeNull();
  expect(asOf(requestProjection, events, { meaning: 'recorded', sequence: 1 })).toBeNull();
});

it('takes an offset whose plus sign was not escaped for what it is, and nothing else with a space', () => {
  const asked = (asOf: string) => readQuery({ asOf }, asOfParameters).asOf;
  for (const sign of ['+', ' '])
    expect(asked(`2026-03-31T09:00:00${sign}02:00`)).toEqual({ instant: '2026-03-31T07:00:00.000Z' });
  expect(() => asked('2026-03-31 09:00:00Z')).toThrow();
});
