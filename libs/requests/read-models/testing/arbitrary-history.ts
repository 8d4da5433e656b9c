import fc from 'fast-check';
import { Recorded } from '../../../eventing/event';
import { RequestEvent } from '../../events';
import {
  assigned,
  cancelled,
  closed,
  escalated,
  held,
  noted,
  opened,
  reopened,
  resolved,
  responded,
  resumed,
} from '../../testing/given';
import { timeline } from './timeline';

/** Any events in any order, as imported logs have them: ties, steps backwards, steps that no decider allows, fractions of seconds. */
const correction = (corrects: number): RequestEvent => ({
  type: 'RequestCorrected',
  data: { corrects, reason: 'typo', values: { occurredAt: '2026-01-05T09:00:01.500Z' } },
});

const anyEvent: fc.Arbitrary<RequestEvent> = fc.oneof(
  fc.constantFrom<RequestEvent>(held, resumed, noted, resolved, closed, reopened, cancelled, responded()),
  fc.integer({ min: 0, max: 5 }).map(correction),
  fc
    .record({ team: fc.constantFrom('team-1', 'team-2'), assignee: fc.constantFrom('staff-1', 'staff-2', null) })
    .map((to) => assigned(to)),
  fc.constantFrom('L1', 'L2', 'L3').map((to) => escalated(to as 'L1' | 'L2' | 'L3')),
  fc.constantFrom('P1', 'P3', 'P5').map((priority): RequestEvent => ({
    type: 'RequestClassified',
    data: { priority: priority as 'P1' | 'P3' | 'P5' },
  })),
);

const milliseconds = fc.integer({ min: -5_000, max: 40_000 });

export const anyHistory: fc.Arbitrary<readonly Recorded<RequestEvent>[]> = fc
  .tuple(
    fc.array(fc.tuple(milliseconds, anyEvent), { maxLength: 12 }),
    fc.constantFrom('live', 'import:batch-1:7'),
    fc.constantFrom(null, 'team-1'),
  )
  .map(([steps, origin, team]) =>
    timeline(
      [[0, opened({ team })], ...steps.map(([at, event], index) => [at / 1000, ofThePast(event, index)] as const)],
      origin,
    ),
  );

/** A correction names an event that was there before it. */
const ofThePast = (event: RequestEvent, newest: number): RequestEvent =>
  event.type === 'RequestCorrected' ? correction(Math.min(event.data.corrects, newest)) : event;
