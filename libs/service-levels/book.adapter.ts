import { CommandContext, CommandRunner, Outcome } from '../eventing/command-runner';
import { StoredEvent, streamOf } from '../eventing/event';
import { FollowedStream } from '../eventing/followed-stream.adapter';
import { Book, bookEvolution, switchBefore } from './book';
import { BookEvent, bookKey, serviceLevelCategory } from './events';
import { learnCalendar, learnPolicy } from './known-terms';
import { UnknownTerms } from './policy';
import { TurnstileGate } from './turnstile-gate';

export const bookStream = streamOf(serviceLevelCategory, bookKey);

/**
 * The book as this process knows it.
 *
 * Guarantee: within one server, cases that are opened under what an activation ended stand in the log before those that are
 * opened under what it began: see `TurnstileGate`. With several servers each reads the book before it decides, and cases that are
 * being opened at that very moment may stand in either order.
 */
export class ServiceLevelBook {
  private readonly followed: FollowedStream<Book, BookEvent>;
  private readonly gate = new TurnstileGate();

  constructor(private readonly runner: CommandRunner) {
    this.followed = new FollowedStream(runner, bookEvolution, bookKey, learnAll);
  }

  /** Reads what is new, and makes its revisions known to whoever folds events. */
  refresh(): Promise<Book> {
    return this.followed.refresh();
  }

  /** What folds of these events may look up is known afterwards. Without events: everything there is. */
  prepare(events: readonly StoredEvent[]): Promise<void> {
    return this.followed.prepare(events);
  }

  /** The book to decide on: other servers' changes are in it, as far as there are other servers. */
  current(): Promise<Book> {
    return this.followed.current();
  }

  /** Does what looks terms up, and once more when another server has made some that are not known here yet. */
  async knowing<T>(work: () => T | Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UnknownTerms)) throw error;
      await this.refresh();
      return work();
    }
  }

  /** Writes a case that begins, under what holds then. @param at epoch milliseconds; `write` gets the instant to choose at */
  begin<T>(at: number, write: (book: Book, instant: number) => Promise<T>): Promise<T> {
    return this.gate.pass(
      () => switchBefore(this.followed.state, at),
      (epoch) => write(this.followed.state, Math.max(at, epoch)),
    );
  }

  /** Changes the book while no case is being opened. */
  change(body: object, context: CommandContext, decide: (book: Book) => readonly BookEvent[]): Promise<Outcome> {
    return this.gate.close(Date.parse(context.recordedAt), async () => {
      const outcome = await this.runner.execute<Book, BookEvent>({
        ...{ evolution: bookEvolution, key: bookKey, expects: 'any', body, context, decide },
        owner: context.actor,
      });
      await this.refresh();
      return outcome;
    });
  }
}

const learnAll = ({ policies, calendars }: Book): void => {
  for (const { revisions } of Object.values(policies)) for (const { value } of revisions) learnPolicy(value);
  for (const { revisions } of Object.values(calendars)) for (const { value } of revisions) learnCalendar(value);
};
