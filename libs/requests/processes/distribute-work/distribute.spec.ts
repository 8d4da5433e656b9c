import fc from 'fast-check';
import { Decision, distribute, Member, Team, Waiting } from './distribute';

/** Giving work, against a slow model that knows the rules and nothing of how they are kept. */
const someone = (staff: string, facts: Partial<Member> = {}): Member => ({
  ...{ staff, isAvailable: true, isOnShift: true, skills: [], capacity: 10, load: 0, turn: null },
  ...facts,
});
const request = (number: string, weight = 1, skills: readonly string[] = []): Waiting => ({ number, weight, skills });
const given = (decisions: readonly Decision[]): readonly string[] =>
  decisions.map(({ number, assignee }) => `${number}>${assignee}`);

describe('giving work', () => {
  it('goes round', () => {
    const team: Team = { strategy: 'round-robin', members: [someone('a'), someone('b', { turn: 4 }), someone('c')] };
    expect(
      given(
        distribute(
          team,
          ['1', '2', '3', '4'].map((each) => request(each)),
        ),
      ),
    ).toEqual([...['1>a', '2>c', '3>b', '4>a']]);
  });
  it('goes to whoever has least', () => {
    const members = [someone('a', { load: 3 }), someone('b', { load: 1 }), someone('c', { load: 2 })];
    expect(
      given(distribute({ strategy: 'least-loaded', members }, [request('1'), request('2'), request('3')])),
    ).toEqual([...['1>b', '2>c', '3>b']]);
  });
  it('keeps somebody for the older one that is too heavy now, and others go on', () => {
    const members = [someone('a', { skills: ['x'], load: 8 }), someone('b', { load: 9 })];
    const waiting = [request('1', 3, ['x']), request('2', 1), request('3', 1)];
    const decisions = distribute({ strategy: 'round-robin', members }, waiting);
    expect(given(decisions)).toEqual(['2>b']);
    expect(decisions[0]?.considered).toEqual([
      { staff: 'a', verdict: 'kept', load: 8, capacity: 10, turn: null },
      { staff: 'b', verdict: 'chosen', load: 9, capacity: 10, turn: null },
    ]);
  });
  it('does not wait behind what nobody here can do', () => {
    const members = [someone('a')];
    const waiting = [request('1', 1, ['x']), request('2', 11), request('3')];
    expect(given(distribute({ strategy: 'round-robin', members }, waiting))).toEqual(['3>a']);
  });
  it('gives first what was reserved, to whom it was reserved for, without weighing it twice', () => {
    const members = [someone('a', { capacity: 2, load: 2 }), someone('b', { isAvailable: false, load: 1 })];
    const waiting = [request('1'), { ...request('2'), reservedFor: 'b' }, { ...request('3'), reservedFor: 'a' }];
    const decisions = distribute({ strategy: 'round-robin', members }, waiting);
    expect(given(decisions)).toEqual(['2>b', '3>a']);
    expect(decisions.map(({ turn, wasReserved }) => [turn, wasReserved])).toEqual([
      [1, true],
      [2, true],
    ]);
  });
  it('says of everybody why not', () => {
    const members = [
      ...[someone('a', { isAvailable: false }), someone('b', { isOnShift: false }), someone('c')],
      ...[someone('d', { skills: ['x'], capacity: 1 }), someone('e', { skills: ['x'], load: 9 })],
      ...[someone('f', { skills: ['x'] }), someone('g', { skills: ['x'] })],
    ];
    const [decision] = distribute({ strategy: 'round-robin', members }, [request('1', 2, ['x'])]);
    expect(decision?.considered.map(({ staff, verdict }) => `${staff} ${verdict}`)).toEqual([
      ...['a away', 'b off-shift', 'c lacks-skill', 'd too-small', 'e full', 'f chosen', 'g behind'],
    ]);
  });
});

const skillsOf = fc.subarray(['x', 'y']);
const ids = ['a', 'b', 'c', 'd'] as const;
const weights = fc.constantFrom(1, 1, 2, 5);
type Step =
  | { readonly do: 'open'; readonly weight: number; readonly skills: readonly string[] }
  | { readonly do: 'end'; readonly which: number }
  | { readonly do: 'take'; readonly which: number; readonly staff: string }
  | { readonly do: 'change'; readonly staff: string; readonly facts: Partial<Member> };
const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant('open' as const), weight: weights, skills: skillsOf }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('end' as const), which: fc.nat() }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('take' as const), which: fc.nat(), staff: fc.constantFrom(...ids) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('change' as const),
        staff: fc.constantFrom(...ids),
        facts: fc.record(
          {
            ...{ isAvailable: fc.boolean(), isOnShift: fc.boolean(), skills: skillsOf },
            capacity: fc.integer({ min: 0, max: 8 }),
          },
          { requiredKeys: [] },
        ),
      }),
    },
  ),
  { minLength: 1, maxLength: 40 },
);

/** A desk as it goes on: what waits, oldest first, and who has what. */
class Desk {
  readonly waiting: Waiting[] = [];
  readonly held = new Map<string, Waiting & { readonly staff: string }>();
  readonly people = new Map<string, Member>(ids.map((staff) => [staff, someone(staff, { capacity: 4 })]));
  private opened = 0;

  get members(): readonly Member[] {
    return [...this.people.values()].map((member) => ({ ...member, load: this.loadOf(member.staff) }));
  }

  loadOf(staff: string): number {
    return [...this.held.values()].reduce((sum, each) => sum + (each.staff === staff ? each.weight : 0), 0);
  }

  take(step: Step): void {
    if (step.do === 'open') this.waiting.push(request(String(this.opened++), step.weight, step.skills));
    if (step.do === 'change') this.people.set(step.staff, { ...this.people.get(step.staff)!, ...step.facts });
    if (step.do === 'end') this.held.delete([...this.held.keys()][step.which % this.held.size] ?? '');
    // People may take what they like, also more than their capacity.
    const [taken] = step.do === 'take' ? this.waiting.splice(step.which % (this.waiting.length || 1), 1) : [];
    if (taken && step.do === 'take') this.held.set(taken.number, { ...taken, staff: step.staff });
  }

  canDo({ isAvailable, isOnShift, skills, capacity }: Member, { weight, skills: needed }: Waiting): boolean {
    return isAvailable && isOnShift && capacity >= weight && needed.every((skill) => skills.includes(skill));
  }

  /** Who may be given this one now: they have room, and nothing older waits that they could do. */
  takersOf(wanted: Waiting): readonly Member[] {
    const older = this.waiting.slice(0, this.waiting.indexOf(wanted));
    return this.members.filter(
      (member) =>
        this.canDo(member, wanted) &&
        member.load + wanted.weight <= member.capacity &&
        !older.some((each) => this.canDo(member, each)),
    );
  }

  give({ number, assignee, turn }: Decision): void {
    const index = this.waiting.findIndex((each) => each.number === number);
    const [taken] = this.waiting.splice(index, 1);
    if (index < 0 || !taken || this.held.has(number)) throw new Error(`${number} was not waiting`);
    this.held.set(number, { ...taken, staff: assignee });
    this.people.set(assignee, { ...this.people.get(assignee)!, turn });
  }
}

const never = -1;

it.each(['round-robin', 'least-loaded'] as const)(
  'gives each request once, to the right one of those who may have it, and leaves nobody idle: %s',
  (strategy) => {
    fc.assert(
      fc.property(steps, (taken) => {
        const desk = new Desk();
        let lastTurn = 0;
        for (const step of taken) {
          desk.take(step);
          for (const decision of distribute({ strategy, members: desk.members }, desk.waiting)) {
            const wanted = desk.waiting.find(({ number }) => number === decision.number)!;
            const takers = desk.takersOf(wanted);
            const least = (of: (member: Member) => number): readonly Member[] => {
              const lowest = Math.min(...takers.map(of));
              return takers.filter((member) => of(member) === lowest);
            };
            const first = strategy === 'round-robin' ? least(({ turn }) => turn ?? never) : least(({ load }) => load);
            expect(first.map(({ staff }) => staff)).toContain(decision.assignee);
            expect(decision.turn).toBeGreaterThan(lastTurn);
            expect(decision.considered.filter(({ verdict }) => verdict === 'chosen')).toMatchObject([
              { staff: decision.assignee, load: desk.loadOf(decision.assignee) },
            ]);
            expect(decision.considered).toHaveLength(ids.length);
            lastTurn = decision.turn;
            desk.give(decision);
          }
          for (const wanted of desk.waiting) expect(desk.takersOf(wanted)).toEqual([]);
        }
      }),
      { numRuns: 1_500 },
    );
  },
);

it('is fair: of equals nobody gets two more than another, whenever they had room', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 30 }), (bursts) => {
      const desk = new Desk();
      const counts = new Map<string, number>(ids.map((staff) => [staff, 0]));
      for (const burst of bursts) {
        for (let opened = 0; opened < burst; opened++) desk.take({ do: 'open', weight: 1, skills: [] });
        for (const decision of distribute({ strategy: 'round-robin', members: desk.members }, desk.waiting)) {
          desk.give(decision);
          counts.set(decision.assignee, counts.get(decision.assignee)! + 1);
        }
        desk.held.clear();
        expect(Math.max(...counts.values()) - Math.min(...counts.values())).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 300 },
  );
});

it('never gives the newest while the oldest could be had: a desk that is full serves in the order of coming', () => {
  fc.assert(
    fc.property(fc.array(weights, { minLength: 2, maxLength: 40 }), (heavy) => {
      const desk = new Desk();
      for (const weight of heavy) desk.take({ do: 'open', weight: Math.min(weight, 4), skills: [] });
      const order: string[] = [];
      while (desk.waiting.length || desk.held.size) {
        for (const decision of distribute({ strategy: 'least-loaded', members: desk.members }, desk.waiting)) {
          order.push(decision.number);
          desk.give(decision);
        }
        desk.take({ do: 'end', which: order.length });
      }
      expect(order).toEqual([...order].sort((one, other) => Number(one) - Number(other)));
    }),
    { numRuns: 300 },
  );
});
