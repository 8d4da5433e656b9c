import { Decided } from '../../../eventing/command-runner';
import { Held } from '../../../eventing/effective';
import { keyOf, Recorded } from '../../../eventing/event';
import { Limiter } from '../../../eventing/limits';
import { Process } from '../../../eventing/processes/process-runner';
import { Engine } from '../../../platform/engine/engine';
import { reactionContext } from '../../../platform/http/command-context';
import { calendarEntry, nameOf, policyEntry } from '../../../service-levels/book';
import { ServiceLevelBook } from '../../../service-levels/book.adapter';
import { Calendar } from '../../../service-levels/calendar-definition';
import { BookEventOf } from '../../../service-levels/events';
import { learnCalendar, learnPolicy } from '../../../service-levels/known-terms';
import { ServiceLevelPolicy } from '../../../service-levels/policy';
import { RequestEvent, RequestEventOf } from '../../events';
import { Request, requestEvolution } from '../../request';
import { affectedCases } from './affected-cases.query';
import { CorrectTerms, correctTerms, retractBreaches } from './correct-terms';

const processName = 'process:correct-service-levels';
const casesPerPage = 500;
const casesAtOnceMax = 16;

type Activated = Recorded<BookEventOf<'CalendarActivated' | 'PolicyActivated'>>;
type ChangedPast = Recorded<RequestEventOf<'RequestCorrected' | 'RequestUnmerged' | 'RequestSeparated'>>;

/** What each is called where a breach is taken back because of it. */
const changes = {
  RequestCorrected: 'correction',
  RequestUnmerged: 'unmerge',
  RequestSeparated: 'unmerge',
} as const satisfies Record<ChangedPast['type'], string>;

const isActivated = (event: Recorded): event is Activated =>
  event.type === 'CalendarActivated' || event.type === 'PolicyActivated';
const changesPast = (event: Recorded): event is ChangedPast => event.type in changes;

/**
 * Brings the correction of a policy or a calendar into the cases that were measured by what was wrong.
 *
 * What was recorded stays: each case gets an event that says which terms stand in for which, and one more for every breach that
 * turns out to be none. Command ids are made from the correction and the case, so that starting over repeats nothing.
 */
export class ServiceLevelCorrection {
  constructor(
    private readonly engine: Engine,
    private readonly book: ServiceLevelBook,
  ) {}

  process(): Process {
    return {
      name: 'correct-service-levels',
      types: ['CalendarActivated', 'PolicyActivated', ...Object.keys(changes)],
      react: async (event) => {
        if (changesPast(event))
          await this.retract(event, keyOf(event.stream), `${changes[event.type]} ${event.revision}`);
        if (isActivated(event) && event.data.corrects !== null) await this.correct(event);
      },
    };
  }

  private async correct(event: Activated): Promise<void> {
    const command = await this.commandOf(event);
    const limiter = new Limiter(casesAtOnceMax);
    let after = '';
    for (;;) {
      const numbers = await affectedCases(this.engine.pool, command.wrong, after, casesPerPage);
      await Promise.all(numbers.map((number) => limiter.run(() => this.correctCase(event, number, command))));
      after = numbers.at(-1) ?? after;
      if (numbers.length < casesPerPage) return;
    }
  }

  private async correctCase(event: Activated, number: string, command: CorrectTerms): Promise<void> {
    await this.give(event, number, 'terms', (state) => correctTerms(command, state));
    await this.retract(event, number, command.by);
  }

  private retract(event: Recorded, number: string, because: string): Promise<void> {
    return this.give(event, number, 'breaches', (state) => retractBreaches(because, state));
  }

  private async give(
    event: Recorded,
    number: string,
    step: string,
    decide: (state: Request) => readonly Decided<RequestEvent>[],
  ): Promise<void> {
    await this.engine.runner.execute<Request, RequestEvent>({
      ...{ evolution: requestEvolution, key: number, expects: 'existing', body: { step } },
      context: {
        ...reactionContext(processName, { ...event, id: `${event.id}/${number}/${step}` }, this.engine.now()),
        causationId: event.id,
      },
      decide,
    });
  }

  private async commandOf({ type, data: { id, revision, corrects } }: Activated): Promise<CorrectTerms> {
    const book = await this.book.refresh();
    switch (type) {
      case 'CalendarActivated':
        return between<Calendar>(calendarEntry(book, id).revisions, revision, corrects, learnCalendar);
      case 'PolicyActivated':
        return between<ServiceLevelPolicy>(policyEntry(book, id).revisions, revision, corrects, learnPolicy);
    }
  }
}

const between = <T extends { readonly id: string; readonly revision: number }>(
  revisions: readonly Held<T>[],
  right: number,
  wrong: number | null,
  digestOf: (value: T) => string,
): CorrectTerms => {
  const find = (revision: number | null): T => {
    const held = revisions.find(({ value }) => value.revision === revision);
    if (!held) throw new Error(`the book has no revision ${revision}`);
    return held.value;
  };
  const [from, to] = [find(wrong), find(right)];
  return { wrong: digestOf(from), right: digestOf(to), corrected: nameOf(from), by: nameOf(to) };
};
