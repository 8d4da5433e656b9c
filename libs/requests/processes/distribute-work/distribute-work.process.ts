import { randomUUID } from 'node:crypto';
import { CommandContext } from '../../../eventing/command-runner';
import { heldAt } from '../../../eventing/effective';
import { streamOf } from '../../../eventing/event';
import { NotFound, RevisionMismatch } from '../../../eventing/failures';
import { Limiter } from '../../../eventing/limits';
import { Timers } from '../../../eventing/processes/timer-runner';
import { readStreams } from '../../../eventing/projections/projection-store.adapter';
import { Rejection } from '../../../eventing/rejection';
import { Engine } from '../../../platform/engine/engine';
import { Book, calendarEntry } from '../../../service-levels/book';
import { ServiceLevelBook } from '../../../service-levels/book.adapter';
import { businessSeconds } from '../../../service-levels/calendar';
import { Directory } from '../../../teams/directory.adapter';
import { Distribution, distributionAt, rosterAt } from '../../../teams/roster';
import { requestCategory, RequestEvent } from '../../events';
import { Request, requestEvolution } from '../../request';
import { routingActor } from '../../routing';
import { Decision, distribute, hasRoom, Member, Waiting } from './distribute';
import { give, Give } from './give';
import { MemberRow, readMembers, readTeams, readWaiting, waitedFor, WaitingRow } from './workload.query';

// What waits behind so many is looked at when some of them have gone.
const waitingMax = 2_000;
const appendsAtOnceMax = 64;
const streamsPerRead = 500;

/** A member as the stream of theirs has them at a revision. */
interface RosteredMember extends Member, Pick<MemberRow, 'revision' | 'reserved'> {}

/** Of a case at a revision. */
interface Decided extends Give, Pick<Decision, 'wasReserved'> {
  readonly revision: number;
}

/**
 * Gives the work that waits in a team to its people, the oldest first, when somebody has room.
 *
 * Guarantee: whatever is given was reserved before in the stream of whoever gets it, at the very revision that was read with their
 * load; and what is reserved counts as load until its case has moved on. So nobody is given more than their capacity, however many
 * workers believe that they lead and wherever one of them stood still. The append at the exact revision of the case decides whether
 * it was still waiting, so that nobody is given one which somebody took meanwhile. People may take more than their capacity.
 * A worker that has just begun to lead, or does not know how an append ended, waits (bounded) until the read models have reached
 * the end of the log. What was reserved and not given, since a worker has died in between, is given first, to whom it was reserved for.
 *
 * Shifts begin without an event: the runner looks again every few seconds.
 */
export class WorkDistribution {
  /** Position up to which the read models must have come; undefined when it is not known. */
  private written: bigint | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly book: ServiceLevelBook,
    private readonly directory: Directory,
  ) {}

  timers(): Timers {
    return {
      name: 'distribute-work',
      due: async (now, after, keysMax) =>
        (await this.teams(now))
          .filter((team) => team > (after?.key ?? ''))
          .slice(0, keysMax)
          .map((key) => ({ key, at: now })),
      next: async () => undefined,
      fire: ({ key }, now) => this.distribute(key, now),
    };
  }

  /** Teams whose work is given to people, and waits. */
  private async teams(now: Date): Promise<readonly string[]> {
    const teams = await readTeams(this.engine.pool);
    const giving = teams.filter(({ distributions }) => isGiving(distributionAt(distributions, now.getTime())));
    return giving.length
      ? waitedFor(
          this.engine.pool,
          giving.map(({ id }) => id),
        )
      : [];
  }

  private async distribute(team: string, now: Date): Promise<bigint | undefined> {
    const { pool } = this.engine;
    if (!(await this.isUpToDate())) return undefined;
    const known = (await readTeams(pool)).find(({ id }) => id === team);
    const distribution = known && distributionAt(known.distributions, now.getTime());
    if (!distribution || !isGiving(distribution)) return undefined;
    const { strategy, weights } = distribution;
    const before = await this.members(team, distribution, now);
    if (!hasRoom(before) && before.every(({ reserved }) => !reserved.length)) return undefined;
    const rows = await readWaiting(pool, team, waitingMax);
    // Read behind what waits: whoever took one of them in between has it counted.
    const members = await this.members(team, distribution, now);
    const waiting = waitingOf(rows, members, weights);
    const revisions = new Map(rows.map(({ number, revision }) => [number, revision]));
    const limiter = new Limiter(appendsAtOnceMax);
    const decisions = distribute({ strategy, members }, waiting).map((decision) => ({
      ...{ ...decision, team, strategy },
      revision: revisions.get(decision.number) ?? 0,
    }));
    await this.prepare(decisions.map(({ number }) => number));
    const given = members.map(async (member) => {
      const own = decisions.filter(({ assignee }) => assignee === member.staff);
      const kept = await limiter.run(() => this.reserve(member, own, now));
      const admitted = kept === undefined ? own.filter(({ wasReserved }) => wasReserved) : own;
      return [kept, ...(await Promise.all(admitted.map((each) => limiter.run(() => this.give(each, now)))))];
    });
    return latest((await Promise.all(given)).flat());
  }

  /** @returns undefined when there was nothing to reserve, or when somebody else has reserved or said something of them meanwhile */
  private async reserve(
    { staff, revision, reserved }: RosteredMember,
    decided: readonly Decided[],
    now: Date,
  ): Promise<bigint | undefined> {
    const added = decided.filter(({ wasReserved }) => !wasReserved);
    if (!added.length) return undefined;
    const all = [...reserved, ...added.map(({ number, revision: of, weight }) => ({ number, revision: of, weight }))];
    return this.noted(() => this.directory.reserve(staff, all, contextOf(revision, now)));
  }

  /** The cases from the mirror and the keys of their customers, each in one round trip, where one a case would be asked for. */
  private async prepare(numbers: readonly string[]): Promise<void> {
    const { pool, runner, keys } = this.engine;
    const streams = numbers.map((number) => streamOf(requestCategory, number));
    for (let from = 0; from < streams.length; from += streamsPerRead)
      runner.remember(requestEvolution, await readStreams(pool, streams.slice(from, from + streamsPerRead)));
    const customers = numbers.flatMap((number) => runner.remembered(requestEvolution, number) ?? []);
    await keys.find('person_key', [...new Set(customers.flatMap((state) => customerOf(state)))]);
  }

  private async members(team: string, distribution: Distribution, now: Date): Promise<readonly RosteredMember[]> {
    const [rows, book] = await Promise.all([readMembers(this.engine.pool, team), this.book.current()]);
    return rows.flatMap((row) => memberOf(row, team, distribution, book, now.getTime()) ?? []);
  }

  /** Whether the read models hold all that was written here; a new leader asks for all that was written at all. */
  private async isUpToDate(): Promise<boolean> {
    const isNew = this.written === undefined;
    this.written ??= (await this.engine.store.head()) ?? -1n;
    const { stale } = await this.engine.positions.passed(this.written);
    // At the end of the log may stand what is not ours and never comes into a read model.
    return !stale || isNew;
  }

  private give({ revision, ...command }: Decided, now: Date): Promise<bigint | undefined> {
    return this.noted(async () => {
      const { position, events } = await this.engine.runner.execute<Request, RequestEvent>({
        evolution: requestEvolution,
        key: command.number,
        expects: 'existing',
        body: {},
        context: contextOf(revision, now),
        decide: (state) => give(command, state),
      });
      return events.length ? position : undefined;
    });
  }

  /** Notes how far the read models have to come. @returns undefined when something happened since it was read: it is looked at again */
  private async noted(append: () => Promise<bigint | undefined>): Promise<bigint | undefined> {
    try {
      const position = await append();
      if (position !== undefined && this.written !== undefined && position > this.written) this.written = position;
      return position;
    } catch (error) {
      if (error instanceof RevisionMismatch || error instanceof NotFound || error instanceof Rejection)
        return undefined;
      this.written = undefined;
      throw error;
    }
  }
}

const latest = (positions: readonly (bigint | undefined)[]): bigint | undefined =>
  positions.reduce(
    (last, position) => (position !== undefined && (last ?? -1n) < position ? position : last),
    undefined,
  );

/** What waits, as far as it can be decided: of whom it is reserved for the case has been read as it was then. */
const waitingOf = (
  rows: readonly WaitingRow[],
  members: readonly RosteredMember[],
  weights: Distribution['weights'],
): readonly Waiting[] => {
  const reserved = members.flatMap((member) => member.reserved.map((each) => ({ ...each, staff: member.staff })));
  const byNumber = new Map(reserved.map((each) => [each.number, each]));
  return rows.flatMap(({ number, revision, priority, skills }) => {
    const kept = byNumber.get(number);
    if (kept && kept.revision !== revision) return [];
    return [{ number, skills, weight: kept?.weight ?? weights[priority], reservedFor: kept?.staff }];
  });
};

const isGiving = (distribution: Distribution): distribution is Distribution & { readonly strategy: Give['strategy'] } =>
  distribution.strategy !== 'manual';

/** Under an id of its own: of two workers who decide differently on one revision of a case, one must hear that the other was first. */
const contextOf = (revision: number, now: Date): CommandContext => {
  const commandId = randomUUID();
  return {
    ...{ actor: routingActor, commandId, fresh: true, correlationId: commandId, causationId: commandId },
    ...{ recordedAt: now.toISOString(), origin: 'live', ifMatch: revision },
  };
};

const customerOf = (state: Request): readonly string[] => (state.status === 'none' ? [] : [state.customer]);

const isOpen = (book: Book, calendar: string, at: number): boolean => {
  const held = heldAt(calendarEntry(book, calendar).revisions, at);
  return held !== undefined && businessSeconds(held, at, at + 1_000) > 0;
};

/** Undefined for somebody who is not in the team at this instant. */
const memberOf = (
  { staff, revision, working, reserved, load, turn }: MemberRow,
  team: string,
  { weights }: Distribution,
  book: Book,
  at: number,
): RosteredMember | undefined => {
  const { team: of, skills, calendar, capacity } = rosterAt(working, at);
  if (of !== team) return undefined;
  const weighed = Object.entries(weights).map(
    ([priority, weight]) => weight * (load[priority as keyof typeof load] ?? 0),
  );
  return {
    ...{ staff, revision, skills, capacity, turn, reserved },
    isAvailable: working.presence === 'available',
    isOnShift: calendar === null || isOpen(book, calendar, at),
    load: [...weighed, ...reserved.map(({ weight }) => weight)].reduce((sum, each) => sum + each, 0),
  };
};
