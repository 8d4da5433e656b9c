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
import { Distribution, distributionAt, rosterAt } from '../../../teams/roster';
import { requestCategory, RequestEvent } from '../../events';
import { Request, requestEvolution } from '../../request';
import { routingActor } from '../../routing';
import { distribute, hasRoom, Member } from './distribute';
import { give, Give } from './give';
import { MemberRow, readMembers, readTeams, readWaiting, waitedFor } from './workload.query';

// What waits behind so many is looked at when some of them have gone.
const waitingMax = 2_000;
const appendsAtOnceMax = 64;
const streamsPerRead = 500;

/**
 * Gives the work that waits in a team to its people, the oldest first, when somebody has room.
 *
 * Guarantee: one leading worker decides for a team at a time, on a read model that has passed everything it wrote before; the append
 * at the exact revision that was read decides whether a case was still waiting, so that nobody is given a case which somebody
 * took meanwhile. People may take more than their capacity; they are not given more. A worker that has just begun to lead, or
 * does not know how an append ended, waits (bounded) until the read models have reached the end of the log.
 *
 * Shifts begin without an event: the runner looks again every few seconds.
 */
export class WorkDistribution {
  /** Position up to which the read models must have come; undefined when it is not known. */
  private written: bigint | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly book: ServiceLevelBook,
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
    if (!hasRoom(await this.members(team, distribution, now))) return undefined;
    const rows = await readWaiting(pool, team, waitingMax);
    // Read behind what waits: whoever took one of them in between has it counted.
    const members = await this.members(team, distribution, now);
    const waiting = rows.map(({ number, priority, skills }) => ({ number, skills, weight: weights[priority] }));
    const revisions = new Map(rows.map(({ number, revision }) => [number, revision]));
    const limiter = new Limiter(appendsAtOnceMax);
    const decisions = distribute({ strategy, members }, waiting);
    await this.prepare(decisions.map(({ number }) => number));
    const given = decisions.map((decision) =>
      limiter.run(() => this.give({ ...decision, team, strategy }, revisions.get(decision.number) ?? 0, now)),
    );
    return (await Promise.all(given)).reduce<bigint | undefined>(
      (last, position) => (position !== undefined && (last === undefined || position > last) ? position : last),
      undefined,
    );
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

  private async members(team: string, distribution: Distribution, now: Date): Promise<readonly Member[]> {
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

  private async give(command: Give, revision: number, now: Date): Promise<bigint | undefined> {
    try {
      const { position, events } = await this.engine.runner.execute<Request, RequestEvent>({
        evolution: requestEvolution,
        key: command.number,
        expects: 'existing',
        body: {},
        context: contextOf(revision, now),
        decide: (state) => give(command, state),
      });
      if (!events.length) return undefined;
      if (this.written !== undefined && position > this.written) this.written = position;
      return position;
    } catch (error) {
      // Something happened to the case since it was read: it is looked at again.
      if (error instanceof RevisionMismatch || error instanceof NotFound || error instanceof Rejection)
        return undefined;
      this.written = undefined;
      throw error;
    }
  }
}

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
  { staff, working, load, turn }: MemberRow,
  team: string,
  { weights }: Distribution,
  book: Book,
  at: number,
): Member | undefined => {
  const { team: of, skills, calendar, capacity } = rosterAt(working, at);
  if (of !== team) return undefined;
  const weighed = Object.entries(weights).map(
    ([priority, weight]) => weight * (load[priority as keyof typeof load] ?? 0),
  );
  return {
    ...{ staff, skills, capacity, turn },
    isAvailable: working.presence === 'available',
    isOnShift: calendar === null || isOpen(book, calendar, at),
    load: weighed.reduce((sum, each) => sum + each, 0),
  };
};
