import { Channel } from '../channels/channels';
import { DeliveryFailure } from '../channels/delivery';
import { asIs, carries, EventOf } from '../eventing/event-types';
import { PersonalText } from '../eventing/sealed';
import { ExceptionClass, ExceptionImpact, Severity } from './vocabulary';

/**
 * An exception: a deviation from what was agreed that two people who have no part in it approve, for a time. A stream each.
 * Who did what stands in the data where a rule asks for it: the four eyes are a matter of the facts, not of their envelope.
 */
export const exceptionCategory = 'exception';

/** What deviates, and why. A change of it makes every approval void. */
export interface Deviation {
  /** What kind of deviation: words of a catalogue, by which recurrence is found. */
  readonly kind: string;
  readonly category: string | null;
  readonly product: string | null;
  /** Code of what caused it, once it is known. */
  readonly cause: string | null;
  /** Numbers of the requests that it is about. */
  readonly requests: readonly string[];
  readonly what: PersonalText;
  readonly why: PersonalText;
  /** Until when it is to hold, RFC 3339; null: without end. */
  readonly until: string | null;
}

const deviation = ['/kind', '/category', '/product', '/cause', '/requests/*', '/until'];

export const exceptionEventTypes = {
  ExceptionOpened: carries<
    Deviation & {
      readonly number: string;
      readonly customer: string;
      readonly by: string;
      readonly owner: string;
      readonly dueAt: string | null;
    }
  >({
    schema: 1,
    personal: ['/what', '/why'],
    plain: ['/number', '/customer', '/by', '/owner', '/dueAt', ...deviation],
  }),
  /** Approvals and assessment from before are void: they were of something else. */
  ExceptionAmended: carries<Partial<Deviation> & { readonly by: string }>({
    schema: 1,
    personal: ['/what', '/why'],
    plain: ['/by', ...deviation],
  }),
  ExceptionAssessed: carries<{
    readonly severity: Severity;
    readonly impact: ExceptionImpact;
    /** The class that the matrix gave at the time. */
    readonly class: ExceptionClass;
    readonly reasoning: PersonalText;
    readonly by: string;
  }>({ schema: 1, personal: ['/reasoning'], plain: ['/severity', '/impact', '/class', '/by'] }),
  /** Not every issue needs an exception. */
  ExceptionFoundUnneeded: carries<{ readonly reasoning: PersonalText; readonly by: string }>({
    schema: 1,
    personal: ['/reasoning'],
    plain: ['/by'],
  }),
  ExceptionAssigned: carries<{ readonly owner: string; readonly from: string }>({
    schema: 1,
    personal: [],
    plain: ['/owner', '/from'],
  }),
  ExceptionDueSet: carries<{ readonly dueAt: string | null; readonly from: string | null }>({
    schema: 1,
    personal: [],
    plain: ['/dueAt', '/from'],
  }),
  /** One may decide in the place of another, on this exception alone. */
  ExceptionApprovalDelegated: carries<{ readonly by: string; readonly to: string }>({
    schema: 1,
    personal: [],
    plain: ['/by', '/to'],
  }),
  ExceptionDelegationRevoked: carries<{ readonly by: string; readonly to: string }>({
    schema: 1,
    personal: [],
    plain: ['/by', '/to'],
  }),
  /** One of the approvals that are needed; `behalfOf`: in whose place it was given. */
  ExceptionApprovalGiven: carries<{ readonly by: string; readonly behalfOf: string | null }>({
    schema: 1,
    personal: [],
    plain: ['/by', '/behalfOf'],
  }),
  /** It holds from now on: enough different people have approved it. */
  ExceptionApproved: carries<{ readonly approvers: readonly string[]; readonly until: string | null }>({
    schema: 1,
    personal: [],
    plain: ['/approvers/*', '/until'],
  }),
  /** `approver` gave it, `by` takes it back. What rested on it no longer holds. */
  ExceptionApprovalWithdrawn: carries<{
    readonly by: string;
    readonly approver: string;
    readonly reason: PersonalText;
  }>({ schema: 1, personal: ['/reason'], plain: ['/by', '/approver'] }),
  ExceptionRejected: carries<{ readonly by: string; readonly reason: PersonalText }>({
    schema: 1,
    personal: ['/reason'],
    plain: ['/by'],
  }),
  ExceptionRenewalRequested: carries<{ readonly by: string; readonly until: string; readonly reason: PersonalText }>({
    schema: 1,
    personal: ['/reason'],
    plain: ['/by', '/until'],
  }),
  /** Its time is over. It happened at that instant, however late it was noticed. */
  ExceptionExpired: carries<{ readonly until: string }>({ schema: 1, personal: [], plain: ['/until'] }),
  /** It was to be done with by then and is not. */
  ExceptionOverdue: carries<{ readonly dueAt: string }>({ schema: 1, personal: [], plain: ['/dueAt'] }),
  ExceptionActionPlanned: carries<{
    /** Place among the actions of the exception, from 1. */
    readonly action: number;
    readonly text: PersonalText;
    readonly responsible: string;
    readonly dueAt: string | null;
  }>({ schema: 1, personal: ['/text'], plain: ['/responsible', '/dueAt'] }),
  ExceptionActionCompleted: carries<{ readonly action: number; readonly by: string; readonly text: PersonalText }>({
    schema: 1,
    personal: ['/text'],
    plain: ['/by'],
  }),
  /** Somebody else has looked: it works, or is to be done again. */
  ExceptionActionVerified: carries<{
    readonly action: number;
    readonly by: string;
    readonly effective: boolean;
    readonly text: PersonalText;
  }>({ schema: 1, personal: ['/text'], plain: ['/by'] }),
  ExceptionCustomerInformed: carries<{
    readonly channel: Channel;
    readonly text: PersonalText;
    /** Of an e-mail: somebody is to carry it under this id. */
    readonly messageId?: PersonalText | undefined;
  }>({
    schema: 2,
    personal: ['/text', '/messageId'],
    plain: ['/channel'],
    upcasters: { 1: asIs },
  }),
  /** `about`: revision of the notice. */
  ExceptionNoticeDelivered: carries<{ readonly about: number }>({ schema: 1, personal: [], plain: [] }),
  ExceptionNoticeFailed: carries<{
    readonly about: number;
    readonly reason: DeliveryFailure;
    /** It is not tried again. */
    readonly isFinal: boolean;
    readonly detail?: PersonalText | undefined;
  }>({ schema: 1, personal: ['/detail'], plain: ['/reason'] }),
  ExceptionClosed: carries<{ readonly prevention: PersonalText }>({ schema: 1, personal: ['/prevention'], plain: [] }),
  ExceptionWithdrawn: carries<{ readonly reason: PersonalText }>({ schema: 1, personal: ['/reason'], plain: [] }),
  ExceptionFeedbackGiven: carries<{
    readonly from: 'customer' | 'staff';
    /** 1 to 5; 5 is best. */
    readonly rating: number;
    readonly text?: PersonalText | undefined;
  }>({ schema: 1, personal: ['/text'], plain: ['/from'] }),
};

export type ExceptionEventType = keyof typeof exceptionEventTypes;
export type ExceptionEventOf<T extends ExceptionEventType> = EventOf<typeof exceptionEventTypes, T>;
export type ExceptionEvent = ExceptionEventOf<ExceptionEventType>;
