import { CommandContext, CommandRunner, Outcome } from '../eventing/command-runner';
import { StoredEvent, streamOf } from '../eventing/event';
import { Book, bookEvolution, initialBook, switchBefore } from './book';
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
  private known: Book = initialBook;
  private revision = -1;
  private loaded = false;
  private readonly gate = new TurnstileGate();

  constructor(private readonly runner: CommandRunner) {}

  /** Reads what is new, and makes its revisions known to whoever folds events. */
  async refresh(): Promise<Book> {
    const { state, revision } = await this.runner.load(bookEvolution, bookKey);
    if (revision >= this.revision) {
      if (revision > this.revision) learnAll(state);
      this.known = state;
      this.revision = revision;
      this.loaded = true;
    }
    return this.known;
  }

  /** What folds of these events may look up is known afterwards. Without events: everything there is. */
  async prepare(events: readonly StoredEvent[]): Promise<void> {
    if (!this.loaded || !events.length || events.some(({ stream }) => stream === bookStream)) await this.refresh();
  }

  /** The book to decide on: other servers' changes are in it, as far as there are other servers. */
  async current(): Promise<Book> {
    return this.loaded && this.runner.isOnlyWriter ? this.known : this.refresh();
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
      () => switchBefore(this.known, at),
      (epoch) => write(this.known, Math.max(at, epoch)),
    );
  }

  /** Changes the book while no case is being opened. */
  change(body: object, context: CommandContext, decide: (book: Book) => readonly BookEvent[]): Promise<Outcome> {
    return this.gate.close(Date.parse(context.recordedAt), async () => {
      const outcome = await this.runner.execute<Book, BookEvent>({
        ...{ evolution: bookEvolution, key: bookKey, expects: 'any', body, context, decide },
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
