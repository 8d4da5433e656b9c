import fc from 'fast-check';
import { Projection } from '../../eventing/projections/projection';
import { RequestEvent } from '../events';
import { accountabilityProjection } from './accountability/accountability.projection';
import { requestProjections } from './projections';
import { queueProjection } from './queue/queue.projection';
import { relationsProjection } from './relations/relations.projection';
import { requestProjection } from './request/request.projection';
import { serviceLevelsProjection } from './service-levels/service-levels.projection';
import { anyHistory } from './testing/arbitrary-history';
import { followed, rebuilt } from './testing/timeline';

const bytesOf = (row: object | null): string => JSON.stringify(row);

const check = <Row extends object>(projection: Projection<Row, RequestEvent>): void =>
  it(`${projection.name}: a rebuild gives the bytes that following the log gave, columns included, in every history`, () =>
    fc.assert(
      fc.property(anyHistory, (events) => {
        const [anew, before] = [rebuilt(projection, events), followed(projection, events)];
        expect(bytesOf(before)).toBe(bytesOf(anew));
        for (const { of } of Object.values(projection.columns))
          if (before && anew) expect(of(before)).toEqual(of(anew));
      }),
    ));

check(requestProjection);
check(queueProjection);
check(serviceLevelsProjection);
check(accountabilityProjection);
check(relationsProjection);

it('lists each read model once', () => {
  const names = requestProjections.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
