import { Injectable } from '@nestjs/common';
import { CustomerSegments } from '../customers/segments.adapter';
import { Decided } from '../eventing/command-runner';
import { Book, policiesAt } from '../service-levels/book';
import { ServiceLevelBook } from '../service-levels/book.adapter';
import { standardKey } from '../service-levels/known-terms';
import { RequestEvent } from './events';
import { nameTerms, Standing } from './naming';
import { Request } from './request';

/** Says of decided events which policy they choose for their case. */
export type NameEvents = (events: readonly Decided<RequestEvent>[], state: Request) => readonly Decided<RequestEvent>[];

const standingOf = (state: Request): Standing | null =>
  state.status === 'none'
    ? null
    : {
        facts: { ...state, team: state.assignment?.team ?? null, customerSegment: null },
        terms: state.time.clocks?.terms ?? standardKey,
      };

const asksForSegments = (book: Book, at: number): boolean =>
  policiesAt(book, at).some(({ match }) => match.customerSegments !== undefined);

/** Finds what is promised for a case when it begins, and when what a policy asks of it changes. */
@Injectable()
export class Promises {
  constructor(
    private readonly book: ServiceLevelBook,
    private readonly segments: CustomerSegments,
  ) {}

  /**
   * Opens a case under the policies of now.
   * @param facts throws what the caller is refused for, also when it is only a retry that is answered
   */
  async begin<T>(
    facts: () => { readonly customer: string },
    at: number,
    write: (name: NameEvents) => Promise<T>,
  ): Promise<T> {
    const book = await this.book.current();
    const segment = asksForSegments(book, at) ? await this.segmentOf(facts) : null;
    return this.book.begin(at, (now, instant) => write(naming(now, instant, segment)));
  }

  /** For a command on a case that is there. @param customer asked for only when a policy wants to know */
  async onCase(at: number, customer: () => Promise<string | undefined>): Promise<NameEvents> {
    const book = await this.book.current();
    const who = asksForSegments(book, at) ? await customer() : undefined;
    return naming(book, at, who === undefined ? null : await this.segments.of(who));
  }

  private async segmentOf(facts: () => { readonly customer: string }): Promise<string | null> {
    try {
      return await this.segments.of(facts().customer);
    } catch {
      // Whoever is refused is told so by the decision, which knows a retry from a first try.
      return null;
    }
  }
}

const naming =
  (book: Book, at: number, segment: string | null): NameEvents =>
  (events, state) => {
    let standing = standingOf(state);
    return events.map((event) => {
      const named = nameTerms(book, standing, event, at, segment);
      standing = named.after;
      return named.event;
    });
  };
