import { ExistingRequest } from './request';

/** What an installation has settled about customers who come back to a case that has ended. */
export class Reopening {
  constructor(
    /** After a case was put away: it rests, and what follows becomes another one; or it is taken up again. */
    readonly afterClosing: 'follow-up' | 'reopen',
    /** Counted from when it was resolved or cancelled; later, what follows always becomes another case. */
    readonly seconds: number,
  ) {}

  /**
   * Whether what the customer says now is said in this case, which is taken up again if it has ended.
   * @param at epoch milliseconds
   */
  allows(state: ExistingRequest, at: number): boolean {
    switch (state.status) {
      case 'open':
      case 'held':
        return true;
      case 'resolved':
        return at - state.endedAt <= this.seconds * 1_000;
      case 'closed':
      case 'cancelled':
        return this.afterClosing === 'reopen' && at - state.endedAt <= this.seconds * 1_000;
    }
  }
}
