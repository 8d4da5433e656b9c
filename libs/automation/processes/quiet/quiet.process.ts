import { RevisionMismatch } from '../../../eventing/failures';
import { DueKey, Timers } from '../../../eventing/processes/timer-runner';
import { Engine } from '../../../platform/engine/engine';
import { calendarsAt } from '../../../service-levels/book';
import { ServiceLevelBook } from '../../../service-levels/book.adapter';
import { type Calendar } from '../../../service-levels/calendar-definition';
import { RuleFiring } from '../../fire-rule.handler';
import { enabledRules } from '../../rules';
import { AutomationRules } from '../../rules.adapter';
import { begunUntil, overAt } from '../../waits';
import { dueCases, nextBegun, Waiting, waitingCase } from './due-rules.query';

/**
 * Lets rules react to what does not happen: a case that is quiet, a hold that is over.
 *
 * Guarantee: a rule reacts once to one wait, also across crashes: the command is named by rule and by the event that began the wait. It
 * is given for the very revision at which the case was seen waiting; a customer who speaks at that moment is not closed on.
 */
export class RuleTimers {
  constructor(
    private readonly engine: Engine,
    private readonly rules: AutomationRules,
    private readonly book: ServiceLevelBook,
    private readonly firing: RuleFiring,
  ) {}

  timers(): Timers {
    return {
      name: 'automation',
      due: (now, after, keysMax) => this.due(now, after, keysMax),
      next: () => this.next(),
      fire: (due, now) => this.fire(due, now),
    };
  }

  private async calendars(now: Date): Promise<readonly Calendar[]> {
    return calendarsAt(await this.book.current(), now.getTime());
  }

  private async waiting(now: Date): Promise<readonly Waiting[]> {
    const rules = enabledRules(await this.rules.upTo(Infinity)).filter(({ when }) => when.on !== 'event');
    if (!rules.length) return [];
    const calendars = await this.calendars(now);
    return rules.flatMap((rule) => {
      const until = begunUntil(rule, calendars, now.getTime());
      return until === undefined ? [] : [{ rule, begunUntil: until }];
    });
  }

  private async due(now: Date, after: DueKey | undefined, keysMax: number): Promise<readonly DueKey[]> {
    const waiting = await this.waiting(now);
    const found = await Promise.all(waiting.map((each) => dueCases(this.engine.pool, each, after, keysMax)));
    return found
      .flat()
      .sort((one, other) => one.at.getTime() - other.at.getTime() || (one.key < other.key ? -1 : 1))
      .slice(0, keysMax);
  }

  private async next(): Promise<Date | undefined> {
    const now = this.engine.now();
    const calendars = await this.calendars(now);
    const ends = await Promise.all(
      (await this.waiting(now)).map(async (each) => {
        const begun = await nextBegun(this.engine.pool, each);
        return begun && overAt(each.rule, calendars, begun.getTime());
      }),
    );
    const known = ends.filter((end) => end !== undefined);
    return known.length ? new Date(Math.min(...known)) : undefined;
  }

  private async fire({ key }: DueKey, now: Date): Promise<bigint | undefined> {
    const [id, number = ''] = key.split(' ');
    const waiting = (await this.waiting(now)).find(({ rule }) => rule.id === id);
    const found = waiting && (await waitingCase(this.engine.pool, waiting, number));
    if (!found) return undefined;
    const { revision, row } = found;
    const eventId = waiting.rule.when.on === 'hold-until' ? row.heldBy : row.cause;
    if (eventId === null) return undefined;
    const occasion = { number, eventId, correlationId: row.correlationId, rules: undefined, revision };
    try {
      return await this.firing.fire(waiting.rule, occasion);
    } catch (error) {
      // The case has moved on, and so will its row.
      if (error instanceof RevisionMismatch) return undefined;
      throw error;
    }
  }
}
