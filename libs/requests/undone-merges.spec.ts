import fc from 'fast-check';
import { Recorded } from '../eventing/event';
import { AnyProjection } from '../eventing/projections/projection';
import { survivorOf } from '../relations/graph';
import { assign } from './commands/assign/assign';
import { cancel } from './commands/cancel/cancel';
import { classify } from './commands/classify/classify';
import { close } from './commands/close/close';
import { correct } from './commands/correct/correct';
import { escalate } from './commands/escalate/escalate';
import { hold } from './commands/hold/hold';
import { note } from './commands/note/note';
import { reopen } from './commands/reopen/reopen';
import { respond } from './commands/respond/respond';
import { resume } from './commands/resume/resume';
import { RequestEvent } from './events';
import { accountabilityProjection } from './read-models/accountability/accountability.projection';
import { queueProjection } from './read-models/queue/queue.projection';
import { relationsProjection } from './read-models/relations/relations.projection';
import { requestProjection } from './read-models/request/request.projection';
import { serviceLevelsProjection } from './read-models/service-levels/service-levels.projection';
import { Request } from './request';
import { resolve } from './resolving';
import { begun, opened } from './testing/given';
import { MergingWorld } from './testing/merging-world';
import { rebuilt } from './read-models/testing/timeline';

const numbers = ['A', 'B', 'C', 'D'] as const;
const morning = Date.UTC(2026, 0, 5, 9);
const minute = 60_000;

type Rule = (state: Request) => readonly RequestEvent[];

/** Every verb that changes a case. */
const verbs: readonly Rule[] = [
  (state) => classify({ impact: 'low', urgency: 'low' }, state, begun),
  (state) => classify({ impact: 'high', urgency: 'high' }, state, begun),
  (state) => assign({ team: 'team-1', assignee: null }, state),
  (state) => assign({ team: 'team-2', assignee: 'bob' }, state),
  (state) => escalate({ to: 'L2', reason: 'hard' }, state),
  (state) => hold({ reason: 'asked', waitingFor: 'customer', until: null }, state),
  (state) => resume({}, state),
  (state) => respond({ text: 'We are on it', by: 'staff', writtenBy: 'staff' }, state, begun),
  (state) => respond({ text: 'Well?', by: 'customer', writtenBy: 'customer' }, state, begun),
  (state) => note({ text: 'Seen' }, state),
  (state) => resolve({ code: 'fixed', resolution: 'Done' }, state, begun),
  (state) => close({}, state),
  (state) => reopen({ reason: 'again' }, state),
  (state) => cancel({ reason: 'withdrawn' }, state),
  (state) =>
    correct(
      { revision: 0, reason: 'typo', values: { occurredAt: '2026-01-05T08:30:00.000Z' } },
      state,
      begun.configuration,
    ),
];

type Step =
  | { readonly do: 'work'; readonly number: string; readonly verb: number }
  | { readonly do: 'merge'; readonly number: string; readonly into: string }
  | { readonly do: 'unmerge'; readonly number: string };

const number = fc.constantFrom(...numbers);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('work' as const), number, verb: fc.nat(verbs.length - 1) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('merge' as const), number, into: number }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unmerge' as const), number }) },
);
const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 90 }), step), { maxLength: 16 });

const opening = (): MergingWorld => {
  const world = new MergingWorld();
  for (const [place, each] of numbers.entries())
    world.work(each, morning + place * 20 * minute, () => [opened({ number: each })]);
  return world;
};

/** An event that means nothing, in the place of one that says what is merged. */
const mute = (event: Recorded<RequestEvent>): Recorded<RequestEvent> =>
  /^Request(Merged|Unmerged|Absorbed|Separated)$/.test(event.type)
    ? ({ ...event, type: 'RequestTextRedacted', data: { redacts: 0, pointer: '/x', reason: '' } } as const)
    : event;

const projections = [
  ...[requestProjection, queueProjection, serviceLevelsProjection, accountabilityProjection, relationsProjection],
] as readonly AnyProjection[] as readonly (typeof requestProjection)[];

type Refold = (projection: typeof requestProjection, events: readonly Recorded<RequestEvent>[]) => object | null;

const rowsOf = (events: readonly Recorded<RequestEvent>[], refold: Refold): readonly string[] =>
  projections.map((projection) => JSON.stringify(refold(projection, events)));

const run = (plan: readonly (readonly [number, Step])[]): MergingWorld => {
  const world = opening();
  let at = morning + 60 * minute;
  for (const [wait, each] of plan) {
    at += wait * minute;
    if (each.do === 'work') {
      const isMerged = survivorOf(world.merges, each.number) !== undefined;
      const before = world.histories.get(each.number)?.length;
      const refusal = world.work(each.number, at, verbs[each.verb] ?? (() => []));
      // A rule that has nothing to do anyway says nothing; one that has is refused, unless it is work on the record.
      if (isMerged && refusal === undefined && each.verb !== verbs.length - 1)
        expect(world.histories.get(each.number)?.length).toBe(before);
    }
    if (each.do === 'merge') world.merge(each.number, each.into, at);
    if (each.do === 'unmerge') world.unmerge(each.number, at);
  }
  for (const each of numbers) world.unmerge(each, at + minute);
  return world;
};

const leavesNothing = (refold: Refold) =>
  fc.property(steps, (plan) => {
    for (const events of run(plan).histories.values())
      expect(rowsOf(events, refold)).toEqual(rowsOf(events.map(mute), refold));
  });

it('leaves every fact as it would be without the merges, byte for byte, whatever was done in between', () =>
  fc.assert(leavesNothing(rebuilt), { numRuns: 2_000 }));

it('finds a fold that keeps what was taken back, so that the test above can fail', () => {
  const asItWasSaid: Refold = ({ correct: _correct, ...projection }, events) => rebuilt(projection, events);
  expect(fc.check(leavesNothing(asItWasSaid), { numRuns: 200 }).failed).toBe(true);
});

it('finds a fold that loses what was done while merged, so that the test above can fail', () => {
  const asIfAsleep: Refold = (projection, events) => {
    const from = events.findIndex(({ type }) => type === 'RequestMerged' || type === 'RequestAbsorbed');
    return rebuilt(projection, from < 0 ? events : events.slice(0, from));
  };
  expect(fc.check(leavesNothing(asIfAsleep), { numRuns: 200 }).failed).toBe(true);
});

it('says at every moment in the histories what the stream of merges says', () =>
  fc.assert(
    fc.property(steps, (plan) => {
      const world = opening();
      for (const [place, [, each]] of plan.entries()) {
        if (each.do === 'merge') world.merge(each.number, each.into, morning + (100 + place) * minute);
        if (each.do === 'unmerge') world.unmerge(each.number, morning + (100 + place) * minute);
      }
      for (const each of numbers) {
        const state = world.state(each);
        const row = rebuilt(relationsProjection, world.histories.get(each) ?? []);
        const next = world.merges.targets.get(each)?.[0] ?? null;
        expect(state.status === 'none' ? undefined : state.mergedInto).toBe(next);
        expect(row?.mergedInto?.number ?? null).toBe(next);
        expect(row?.absorbed.map((absorbed) => absorbed.number) ?? []).toEqual(
          expect.arrayContaining([...(world.merges.sources.get(each) ?? [])]),
        );
      }
    }),
    { numRuns: 1_000 },
  ));
