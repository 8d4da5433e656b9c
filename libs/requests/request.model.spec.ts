import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { fold } from '../eventing/decider';
import { assign } from './commands/assign/assign';
import { cancel } from './commands/cancel/cancel';
import { classify } from './commands/classify/classify';
import { close } from './commands/close/close';
import { correct } from './commands/correct/correct';
import { escalate } from './commands/escalate/escalate';
import { giveFeedback } from './commands/feedback/feedback';
import { hold } from './commands/hold/hold';
import { note } from './commands/note/note';
import { open, OpenRequest } from './commands/open/open';
import { reopen } from './commands/reopen/reopen';
import { respond } from './commands/respond/respond';
import { resume } from './commands/resume/resume';
import { Assignment } from './event-values';
import { RequestEvent } from './events';
import { give } from './processes/distribute-work/give';
import { resolveWith } from './processes/resolve-children/resolve-with';
import { Request, requestEvolution } from './request';
import { resolve } from './resolving';
import { begun, opened } from './testing/given';
import { MergingWorld } from './testing/merging-world';
import { cellOf, transitions, Verb } from './testing/transition-table';
import { Awaited, Impact, impacts, Level } from './vocabulary';

/** A request against a small model that knows the table of transitions, what each verb says, and nothing of rules and folds. */
const [subject, other] = ['A', 'B'] as const;
const morning = Date.UTC(2026, 0, 5, 9);
const minute = 60_000;

interface Model {
  status: Request['status'];
  assignment: Assignment | null;
  level: Level;
  waiting: { readonly waitingFor: Awaited; readonly until: string | null } | null;
  /** How it was resolved, as long as it is. */
  code: string | null;
  impact: Impact;
  urgency: Impact;
  isMerged: boolean;
  hasAbsorbed: boolean;
  isShared: boolean;
  /** Revision of the last resolution. */
  resolvedAt: number;
  events: number;
}

const beginning: Readonly<Model> = {
  ...{ status: 'none', assignment: null, level: 'L1', waiting: null, code: null, impact: 'high', urgency: 'high' },
  ...{ isMerged: false, hasAbsorbed: false, isShared: false, resolvedAt: -1, events: 0 },
};

/** What the model expects: a refusal, or these events and what is so afterwards. */
type Expected = string | { readonly types: readonly string[]; readonly next: Partial<Model> };
const said = (types: readonly string[], next: Partial<Model> = {}): Expected => ({ types, next });
const nothing = said([]);

interface Order {
  readonly name: string;
  readonly expect: (model: Readonly<Model>) => Expected;
  readonly act: (world: MergingWorld, at: number) => string | undefined;
}

type Rule = (state: Request) => readonly RequestEvent[];
const work =
  (rule: Rule): Order['act'] =>
  (world, at) =>
    world.work(subject, at, rule);

/** Work on the record is done on a merged request too. */
const clerical = ['RequestCorrected', 'RequestResolutionShared', 'RequestMerged', 'RequestUnmerged'];
const absorbing = ['RequestAbsorbed', 'RequestSeparated'];
const isRecordWork = (type: string): boolean => clerical.includes(type) || absorbing.includes(type);

/** A verb of the table. @param done what it does where the table says `ok` @param asItIs what goes before the table */
const verb = (
  name: Verb,
  parameters: object,
  rule: Rule,
  done: (model: Readonly<Model>) => Expected,
  asItIs: (model: Readonly<Model>) => Expected | undefined = () => undefined,
): Order => ({
  name: `${name} ${JSON.stringify(parameters)}`,
  expect: (model) => {
    seen.add(`${name} ${model.status}`);
    const known = asItIs(model);
    if (known !== undefined) return known;
    const cell = cellOf(name, model.status);
    if (cell === '-') return nothing;
    return cell === 'ok' ? done(model) : cell;
  },
  act: work(rule),
});
const seen = new Set<string>();

const opening: OpenRequest = {
  ...{ number: subject, subject: 'Printer on fire', description: 'Smoke', type: 'incident', category: null },
  ...{ product: null, impact: 'high', urgency: 'high', team: null, customer: 'customer-1' },
};

const isWorkedOn = ({ status }: Readonly<Model>): boolean => status === 'open' || status === 'held';
const ended = { waiting: null } as const;

/** Ends with a resolution, or refuses; also as a part of an answer. */
const resolution = (code: string, isShared: boolean, model: Readonly<Model>): Expected => {
  if (model.status === 'resolved' && model.code === code)
    return isShared && !model.isShared ? said(['RequestResolutionShared'], { isShared }) : nothing;
  if (!isWorkedOn(model)) return 'REQUEST_NOT_OPEN';
  const types = ['RequestResolved', ...(isShared ? ['RequestResolutionShared'] : [])];
  return said(types, { ...ended, status: 'resolved', code, isShared });
};

const teams = ['team-1', 'team-2'] as const;
const place = fc.record({ team: fc.constantFrom(...teams), assignee: fc.constantFrom(null, 'staff-1', 'staff-2') });
const code = fc.constantFrom('fixed', 'other');

/** @param again how reopening is decided: with another rule than ours the model must disagree */
const orders = (again: typeof reopen = reopen): readonly fc.Arbitrary<Order>[] => [
  fc.constant(
    verb(
      ...(['open', {}] as const),
      (state) => open(opening, state, begun),
      () => said(['RequestOpened'], { status: 'open' }),
    ),
  ),
  fc.record({ impact: fc.constantFrom(...impacts), urgency: fc.constantFrom(...impacts) }).map((words) =>
    verb(
      ...(['classify', words] as const),
      (state) => classify(words, state, begun),
      (model) =>
        model.impact === words.impact && model.urgency === words.urgency ? nothing : said(['RequestClassified'], words),
    ),
  ),
  place.map((to) =>
    verb(
      ...(['assign', to] as const),
      (state) => assign(to, state),
      ({ assignment: has }) =>
        has?.team === to.team && has.assignee === to.assignee ? nothing : said(['RequestAssigned'], { assignment: to }),
    ),
  ),
  fc.constantFrom<Level>('L1', 'L2', 'L3').map((to) =>
    verb(
      ...(['escalate', { to }] as const),
      (state) => escalate({ to, reason: 'hard' }, state),
      ({ level }) => {
        if (to === level) return nothing;
        return to < level ? 'ESCALATION_NOT_UPWARD' : said(['RequestEscalated'], { level: to });
      },
    ),
  ),
  fc
    .record({
      waitingFor: fc.constantFrom<Awaited>('customer', 'supplier'),
      until: fc.constantFrom(null, '2026-02-01T00:00:00.000Z'),
    })
    .map((waiting) =>
      verb(
        ...(['hold', waiting] as const),
        (state) => hold({ ...waiting, reason: 'asked' }, state),
        () => said(['RequestHeld'], { status: 'held', waiting }),
        ({ waiting: has }) =>
          has?.waitingFor === waiting.waitingFor && has.until === waiting.until ? nothing : undefined,
      ),
    ),
  fc.constant(
    verb(
      ...(['resume', {}] as const),
      (state) => resume({}, state),
      () => said(['RequestResumed'], { status: 'open', waiting: null }),
    ),
  ),
  fc
    .record({
      by: fc.constantFrom('staff', 'customer'),
      ending: fc.option(fc.record({ code, resolveChildren: fc.boolean() })),
    })
    .map(({ by, ending }) =>
      verb(
        ...(['respond', { by, ending }] as const),
        (state) => {
          const how = ending ? { ...ending, resolution: 'Done' } : undefined;
          return respond({ text: 'Hello', by, writtenBy: by, resolve: how }, state, begun);
        },
        (model) => {
          const after = ending ? resolution(ending.code, ending.resolveChildren, model) : nothing;
          return typeof after === 'string' ? after : said(['RequestResponded', ...after.types], after.next);
        },
      ),
    ),
  fc.constant(
    verb(
      ...(['note', {}] as const),
      (state) => note({ text: 'Seen before' }, state),
      () => said(['RequestNoted']),
    ),
  ),
  fc.record({ code, resolveChildren: fc.boolean() }).map((how) =>
    verb(
      ...(['resolve', how] as const),
      (state) => resolve({ ...how, resolution: 'Done' }, state, begun),
      (model) => resolution(how.code, how.resolveChildren, model),
      (model) => (model.code === how.code ? resolution(how.code, how.resolveChildren, model) : undefined),
    ),
  ),
  fc.constant(
    verb(
      ...(['close', {}] as const),
      (state) => close({}, state),
      () => said(['RequestClosed'], { status: 'closed', code: null }),
    ),
  ),
  fc.constant(
    verb(
      ...(['reopen', {}] as const),
      (state) => again({ reason: 'again' }, state),
      () => said(['RequestReopened'], { status: 'open', code: null }),
    ),
  ),
  fc.constant(
    verb(
      ...(['cancel', {}] as const),
      (state) => cancel({ reason: 'withdrawn' }, state),
      () => said(['RequestCancelled'], { status: 'cancelled', waiting: null }),
    ),
  ),
  fc.constant(
    verb(
      ...(['correct', {}] as const),
      (state) => {
        const values = { occurredAt: '2026-01-05T08:30:00.000Z' };
        return correct({ revision: 0, reason: 'typo', values }, state, begun.configuration);
      },
      () => said(['RequestCorrected']),
    ),
  ),
  fc.constant({
    name: 'feedback',
    expect: ({ status }) =>
      status === 'resolved' || status === 'closed' ? said(['RequestFeedbackGiven']) : 'REQUEST_NOT_RESOLVED',
    act: work((state) => giveFeedback({ rating: 5 }, state)),
  }),
  fc.constantFrom(...teams).map((team) => ({
    name: `give to somebody of ${team}`,
    expect: ({ status, assignment }) =>
      status === 'open' && assignment?.team === team && assignment.assignee === null
        ? said(['RequestDistributed', 'RequestAssigned'], { assignment: { team, assignee: 'staff-3' } })
        : nothing,
    act: work((state) => {
      const chosen = { staff: 'staff-3', verdict: 'chosen', load: 0, capacity: 9, turn: null } as const;
      const decision = { number: subject, assignee: 'staff-3', turn: 1, weight: 1, considered: [chosen] };
      return give({ ...decision, team, strategy: 'round-robin' }, state);
    }),
  })),
  fc.boolean().map((isParent) => ({
    name: `resolve with its parent ${isParent}`,
    expect: (model) =>
      isWorkedOn(model) && !model.isMerged
        ? said(['RequestResolved', 'RequestResolvedWith', ...(isParent ? ['RequestResolutionShared'] : [])], {
            ...{ ...ended, status: 'resolved', code: 'fixed', isShared: isParent },
          })
        : nothing,
    act: work((state) => resolveWith({ parent: other, code: 'fixed', resolution: 'Done', isParent }, state)),
  })),
  fc.constant({
    name: 'merge',
    expect: ({ isMerged, hasAbsorbed }) => {
      if (hasAbsorbed) return 'RELATION_CIRCLE';
      return isMerged ? nothing : said(['RequestMerged'], { isMerged: true });
    },
    act: (world, at) => world.merge(subject, other, at),
  }),
  fc.constant({
    name: 'absorb',
    expect: ({ isMerged, hasAbsorbed }) => {
      if (isMerged) return 'RELATION_CIRCLE';
      return hasAbsorbed ? nothing : said(['RequestAbsorbed'], { hasAbsorbed: true });
    },
    act: (world, at) => world.merge(other, subject, at),
  }),
  fc.constant({
    name: 'unmerge',
    expect: ({ isMerged }) => (isMerged ? said(['RequestUnmerged'], { isMerged: false }) : nothing),
    act: (world, at) => world.unmerge(subject, at),
  }),
  fc.constant({
    name: 'separate',
    expect: ({ hasAbsorbed }) => (hasAbsorbed ? said(['RequestSeparated'], { hasAbsorbed: false }) : nothing),
    act: (world, at) => world.unmerge(other, at),
  }),
];

const expectedOf = (order: Order, model: Readonly<Model>): Expected => {
  const expected = order.expect(model);
  if (typeof expected === 'string' || !model.isMerged || expected.types.every(isRecordWork)) return expected;
  return 'REQUEST_MERGED';
};

const knownOf = ({
  status,
  assignment,
  level,
  impact,
  urgency,
  isMerged,
  waiting,
  code: how,
}: Model): Partial<Model> =>
  status === 'none' ? { status } : { status, assignment, level, impact, urgency, isMerged, waiting, code: how };

/** The same, read from the request itself. */
const factsOf = (state: Request): Partial<Model> => {
  if (state.status === 'none') return { status: 'none' };
  const { status, assignment, level, impact, urgency, mergedInto } = state;
  return {
    ...{ status, assignment, level, impact, urgency, isMerged: mergedInto !== null },
    waiting: state.status === 'held' ? { waitingFor: state.waitingFor, until: state.until } : null,
    code: state.status === 'resolved' ? state.code : null,
  };
};

/** The matcher is slow, and is asked only for what to say. */
const expectSame = (found: unknown, expected: unknown): void => {
  if (!isDeepStrictEqual(found, expected)) expect(found).toEqual(expected);
};

interface Real {
  readonly world: MergingWorld;
  at: number;
}

class Step implements fc.Command<Model, Real> {
  constructor(private readonly order: Order) {}

  /** What nobody has opened has no relations. */
  check(model: Readonly<Model>): boolean {
    return model.status !== 'none' || !/^(merge|absorb|unmerge|separate)$/.test(this.order.name);
  }

  run(model: Model, real: Real): void {
    const expected = expectedOf(this.order, model);
    const refusal = this.order.act(real.world, (real.at += minute));
    const told = (real.world.histories.get(subject) ?? []).slice(model.events);
    const isRefused = typeof expected === 'string';
    expectSame(
      { refusal, types: told.map(({ type }) => type) },
      { refusal: isRefused ? expected : undefined, types: isRefused ? [] : expected.types },
    );
    if (isRefused) return;
    for (const event of told) {
      if (event.type === 'RequestResolved') model.resolvedAt = event.revision;
      if (event.type === 'RequestFeedbackGiven') expectSame(event.data.about, model.resolvedAt);
    }
    Object.assign(model, expected.next, { events: model.events + told.length });
    expectSame(factsOf(real.world.state(subject)), knownOf(model));
  }

  toString(): string {
    return this.order.name;
  }
}

const begin = (isOpened: boolean): { readonly model: Model; readonly real: Real } => {
  const world = new MergingWorld();
  world.work(other, morning, () => [opened({ number: other })]);
  if (isOpened) world.work(subject, morning, () => [opened({ number: subject })]);
  const model = isOpened ? { ...beginning, status: 'open' as const, events: 1 } : { ...beginning };
  return { model, real: { world, at: morning } };
};

const agrees = (known: readonly fc.Arbitrary<Order>[]) =>
  fc.property(
    fc.commands(
      known.map((order) => order.map((each) => new Step(each))),
      { maxCommands: 24, size: 'max' },
    ),
    fc.integer({ min: 0, max: 9 }),
    (steps, chance) => {
      const { model, real } = begin(chance > 0);
      fc.modelRun(() => ({ model, real }), steps);
      // Whatever came one by one folds to the same from the first event on.
      expectSame(fold(requestEvolution, real.world.histories.get(subject) ?? []), real.world.state(subject));
    },
  );

it('does in any order what the table of transitions says, and refuses the rest without a trace', () => {
  fc.assert(agrees(orders()), { numRuns: 2_000 });
  // Every verb has been tried in every status.
  expect(transitions.filter(({ verb: name, status }) => !seen.has(`${name} ${status}`))).toEqual([]);
});

it('finds a rule that takes up what was cancelled, so that the test above can fail', () => {
  const loose: typeof reopen = ({ reason }, state) =>
    state.status === 'cancelled' ? [{ type: 'RequestReopened', data: { reason } }] : reopen({ reason }, state);
  expect(fc.check(agrees(orders(loose)), { numRuns: 500 }).failed).toBe(true);
});
