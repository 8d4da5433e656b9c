import { Audience, Occasion } from '../service-levels/escalation';
import { carries } from './event-class';
import { RunOfClock } from './event-values';

/** What became of what is promised for it, and who was told. */
export const caseServiceLevelEventTypes = {
  /** A clock nears its target: so many counted seconds are left. `share` of the target in percent, when that was asked for. */
  ServiceLevelWarned: carries<RunOfClock & { readonly share: number | null; readonly secondsBefore: number }>({
    schema: 1,
    personal: [],
    plain: ['/metric', '/dueAt'],
  }),
  /** More than a clock's target has passed. It happened at the due instant, however late it was noticed. */
  ServiceLevelBreached: carries<
    RunOfClock & {
      readonly targetSeconds: number;
      /** The target had been exceeded already when it was set: nobody could have been warned. */
      readonly bornBreached: boolean;
    }
  >({ schema: 1, personal: [], plain: ['/metric', '/dueAt'] }),
  /** A step of the escalation chain has come: so many counted seconds have passed since the due instant. */
  ServiceLevelOverdue: carries<RunOfClock & { readonly secondsAfter: number }>({
    schema: 1,
    personal: [],
    plain: ['/metric', '/dueAt'],
  }),
  /**
   * The terms under this digest were wrong all along: those that this event's metadata names stand in for them, in every event of
   * the case before this one. `corrected` and `by` are revisions of a policy or calendar: `office@1`, `office@2`.
   */
  ServiceLevelTermsCorrected: carries<{ readonly wrong: string; readonly corrected: string; readonly by: string }>({
    schema: 1,
    personal: [],
    plain: ['/wrong', '/corrected', '/by'],
  }),
  /** A breach that was told is none, for something was wrong that has been put right since. */
  ServiceLevelBreachRetracted: carries<RunOfClock & { readonly because: string }>({
    schema: 1,
    personal: [],
    plain: ['/metric', '/dueAt', '/because'],
  }),
  /** Who was told of one of these. What carries it to them reads it here. */
  ServiceLevelNotified: carries<
    Pick<RunOfClock, 'metric' | 'cycle'> & {
      readonly cause: Occasion;
      /** Revision of the event that it is about. */
      readonly about: number;
      readonly audience: Audience;
      readonly team: string | null;
      readonly assignee: string | null;
    }
  >({
    schema: 1,
    personal: [],
    plain: ['/metric', '/cause', '/audience', '/team', '/assignee'],
  }),
};
