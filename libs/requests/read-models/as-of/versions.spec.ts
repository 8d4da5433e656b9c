import fc from 'fast-check';
import { Recorded } from '../../../eventing/event';
import { Cut, foldAsOf } from '../../../eventing/projections/as-of';
import { Decoded } from '../../../eventing/projections/decoding';
import { columnsOf } from '../../../eventing/projections/fold-rows';
import { AnyProjection } from '../../../eventing/projections/projection';
import { foldVersions, levelOf, RowVersion, versionedColumns } from '../../../eventing/temporal/row-versions';
import { number } from '../../testing/given';
import { queueProjection } from '../queue/queue.projection';
import { serviceLevelsProjection } from '../service-levels/service-levels.projection';
import { anyHistory } from '../testing/arbitrary-history';

const few = { numRuns: 40 };
const logged = (events: readonly Recorded[]): Decoded => ({
  events: events.map((event) => ({ sequence: 3 * event.revision + 2, event })),
  unreadable: undefined,
});
const columnsAt = (versions: readonly RowVersion[], axis: string, point: number) =>
  versions.filter((version) => version.axis === axis && version.from <= point && point < version.to);
const columnsAsOf = (projection: AnyProjection, decoded: Decoded, cut: Cut): readonly object[] => {
  const row = foldAsOf(projection, number, decoded, cut).row?.row;
  return row ? [columnsOf({ ...projection, columns: versionedColumns(projection) }, row)] : [];
};

const check = (projection: AnyProjection): void =>
  it(`${projection.name}: at every point of both axes exactly the version of a replay up to there holds`, () =>
    fc.assert(
      fc.property(anyHistory, (events) => {
        const decoded = logged(events);
        const { versions, isStopped } = foldVersions(projection, number, decoded);
        expect(isStopped).toBe(false);
        for (let sequence = 0; sequence <= 3 * events.length + 2; sequence++)
          expect(columnsAt(versions, 'recorded', sequence).map(({ columns }) => columns)).toEqual(
            columnsAsOf(projection, decoded, { meaning: 'recorded', sequence }),
          );
        const borders = versions.filter(({ axis }) => axis === 'true').flatMap(({ from, to }) => [from, to]);
        const dated = events.map(({ metadata }) => Date.parse(metadata.occurredAt));
        for (const border of [...borders, ...dated].filter(Number.isFinite))
          for (const instant of [border - 1, border, border + 1])
            expect(columnsAt(versions, 'true', instant).map(({ columns }) => columns)).toEqual(
              columnsAsOf(projection, decoded, { meaning: 'true', instant }),
            );
      }),
      few,
    ));
check(queueProjection);
check(serviceLevelsProjection);

it('finds what holds at a point within twice the power of two that its length has', () =>
  fc.assert(
    fc.property(fc.nat(2 ** 40), fc.integer({ min: 1, max: 2 ** 45 }), fc.nat(), (from, length, inside) => {
      const point = from + (inside % length);
      const version = { from, to: from + length };
      expect(point - 2 ** (levelOf(version) + 1)).toBeLessThan(from);
    }),
  ));
