import fc from 'fast-check';
import { type ServiceEvent } from '../../service-levels/clock-state';
import { clocksOf, elapsedAt, statusAt } from '../../service-levels/clocks';
import { knownTerms, learnTerms } from '../../service-levels/known-terms';
import { PRIORITIES, type ServiceLevelPolicy, type TermsKey } from '../../service-levels/policy';
import { seededCalendars, standardPolicy } from '../../service-levels/seeds';
import { isIdle } from './idle';
import { Judgement, Verdict } from './judgement';
import { Content, Population } from './population';

/** Many cases judged with their courses folded once, beside each case folded and judged by itself. */
const hour = 3_600_000;
const begin = Date.UTC(2026, 2, 27, 9);

const policies = (['carry', 'restart', 'retroactive'] as const).flatMap((change) =>
  (['continue', 'new-cycle', 'grace'] as const).map((reopen): ServiceLevelPolicy => {
    const body = { priorityChange: change, policyChange: change, reopen, reopenGraceSeconds: 7_200 };
    return { ...standardPolicy, ...body, id: `${change}-${reopen}` };
  }),
);
const terms = policies.map((policy) => learnTerms({ policy, calendars: seededCalendars }));

// Few words, so that many cases have the same course.
const kinds: readonly Content['kind'][] = [
  ...(['responded', 'noted', 'held', 'resumed', 'resolved', 'closed', 'reopened', 'classified', 'assigned'] as const),
];
const anyContent: fc.Arbitrary<Content> = fc.record(
  {
    kind: fc.constantFrom(...kinds),
    priority: fc.constantFrom(...PRIORITIES.slice(0, 2)),
    waitingFor: fc.constantFrom('customer', 'supplier'),
    by: fc.constantFrom('staff', 'customer'),
    terms: fc.constantFrom(...terms.slice(3, 6)),
  },
  { requiredKeys: ['kind', 'waitingFor', 'by'] },
);
const anyCourse = fc.array(anyContent, { maxLength: 6 });
const anySteps = fc.array(fc.integer({ min: -3 * hour, max: 40 * hour }), { minLength: 6, maxLength: 6 });
const anyPopulation = fc
  .record({
    courses: fc.array(anyCourse, { minLength: 1, maxLength: 3 }),
    cases: fc.array(fc.tuple(fc.nat(2), anySteps), { minLength: 1, maxLength: 8 }),
    under: fc.constantFrom(...terms),
    after: fc.nat({ max: 400 * hour }),
  })
  .map(({ courses, cases, under, after }) => ({
    histories: cases.map(([which, steps]) => historyOf(courses[which % courses.length] ?? [], steps, under)),
    at: begin + after,
  }));

const historyOf = (
  contents: readonly Content[],
  steps: readonly number[],
  under: TermsKey,
): readonly ServiceEvent[] => {
  let instant = begin + (steps[0] ?? 0);
  const opened: ServiceEvent = { at: instant, revision: 0, kind: 'opened', priority: 'P1', terms: under };
  return [
    opened,
    ...contents.map((content, place) => ({ ...content, at: (instant += steps[place] ?? 0), revision: place + 1 })),
  ];
};

const packed = (histories: readonly (readonly ServiceEvent[])[]): Population => {
  const population = new Population();
  for (const [index, history] of histories.entries())
    for (const { at, revision: _revision, ...content } of history)
      population.add(`case ${index}`, at, JSON.stringify(content), () => ({ content, facts: null }));
  population.close();
  population.simplify((content) => isIdle(content, policies));
  return population;
};

const bySelf = (history: readonly ServiceEvent[], at: number): readonly Verdict[] => {
  const until = Math.max(at, ...history.map((event) => event.at));
  return clocksOf(history, knownTerms).map((clock) => {
    const { metric, cycle, targetSeconds } = clock;
    return {
      metric,
      cycle,
      targetSeconds,
      status: statusAt(clock, until),
      elapsedSeconds: elapsedAt(clock, knownTerms, until),
    };
  });
};

it('gives each case the verdicts that it has by itself, under the terms that its events name', () => {
  fc.assert(
    fc.property(anyPopulation, ({ histories, at }) => {
      const [population, judgement] = [packed(histories), new Judgement(knownTerms, 'named terms')];
      for (const [index, history] of histories.entries()) {
        const course = population.courseOf(index);
        expect(course && judgement.of(course, at).verdicts).toEqual(bySelf(history, at));
      }
    }),
    { numRuns: 200 },
  );
});

it('gives each case the verdicts that it would have had under other terms', () => {
  const [tried = ''] = terms.slice(-1);
  fc.assert(
    fc.property(anyPopulation, ({ histories, at }) => {
      const [population, judgement] = [packed(histories), new Judgement(() => knownTerms(tried), 'no terms')];
      for (const [index, history] of histories.entries()) {
        const course = population.courseOf(index);
        const under = history.map(({ terms: _terms, ...event }, place) => ({
          ...event,
          ...(place === 0 ? { terms: tried } : {}),
        }));
        const expected = bySelf(under, at);
        expect(course && judgement.of(course, at).verdicts).toEqual(expected);
      }
    }),
    { numRuns: 200 },
  );
});
