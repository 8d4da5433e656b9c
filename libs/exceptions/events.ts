import { Channel } from '../channels/channels';
import { DeliveryFailure } from '../channels/delivery';
import { asIs, EventType } from '../eventing/event-types';
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

interface Data {
  ExceptionOpened: Deviation & {
    readonly number: string;
    readonly customer: string;
    readonly by: string;
    readonly owner: string;
    readonly dueAt: string | null;
  };
  /** Approvals and assessment from before are void: they were of something else. */
  ExceptionAmended: Partial<Deviation> & { readonly by: string };
  ExceptionAssessed: {
    readonly severity: Severity;
    readonly impact: ExceptionImpact;
    /** The class that the matrix gave at the time. */
    readonly class: ExceptionClass;
    readonly reasoning: PersonalText;
    readonly by: string;
  };
  /** Not every issue needs an exception. */
  ExceptionFoundUnneeded: { readonly reasoning: PersonalText; readonly by: string };
  ExceptionAssigned: { readonly owner: string; readonly from: string };
  ExceptionDueSet: { readonly dueAt: string | null; readonly from: string | null };
  /** One may decide in the place of another, on this exception alone. */
  ExceptionApprovalDelegated: { readonly by: string; readonly to: string };
  ExceptionDelegationRevoked: { readonly by: string; readonly to: string };
  /** One of the approvals that are needed; `behalfOf`: in whose place it was given. */
  ExceptionApprovalGiven: { readonly by: string; readonly behalfOf: string | null };
  /** It holds from now on: enough different people have approved it. */
  ExceptionApproved: { readonly approvers: readonly string[]; readonly until: string | null };
  /** `approver` gave it, `by` takes it back. What rested on it no longer holds. */
  ExceptionApprovalWithdrawn: { readonly by: string; readonly approver: string; readonly reason: PersonalText };
  ExceptionRejected: { readonly by: string; readonly reason: PersonalText };
  ExceptionRenewalRequested: { readonly by: string; readonly until: string; readonly reason: PersonalText };
  /** Its time is over. It happened at that instant, however late it was noticed. */
  ExceptionExpired: { readonly until: string };
  /** It was to be done with by then and is not. */
  ExceptionOverdue: { readonly dueAt: string };
  ExceptionActionPlanned: {
    /** Place among the actions of the exception, from 1. */
    readonly action: number;
    readonly text: PersonalText;
    readonly responsible: string;
    readonly dueAt: string | null;
  };
  ExceptionActionCompleted: { readonly action: number; readonly by: string; readonly text: PersonalText };
  /** Somebody else has looked: it works, or is to be done again. */
  ExceptionActionVerified: {
    readonly action: number;
    readonly by: string;
    readonly effective: boolean;
    readonly text: PersonalText;
  };
  ExceptionCustomerInformed: {
    readonly channel: Channel;
    readonly text: PersonalText;
    /** Of an e-mail: somebody is to carry it under this id. */
    readonly messageId?: PersonalText | undefined;
  };
  /** `about`: revision of the notice. */
  ExceptionNoticeDelivered: { readonly about: number };
  ExceptionNoticeFailed: {
    readonly about: number;
    readonly reason: DeliveryFailure;
    /** It is not tried again. */
    readonly isFinal: boolean;
    readonly detail?: PersonalText | undefined;
  };
  ExceptionClosed: { readonly prevention: PersonalText };
  ExceptionWithdrawn: { readonly reason: PersonalText };
  ExceptionFeedbackGiven: {
    readonly from: 'customer' | 'staff';
    /** 1 to 5; 5 is best. */
    readonly rating: number;
    readonly text?: PersonalText | undefined;
  };
}

export type ExceptionEventType = keyof Data;
export type ExceptionEventOf<T extends ExceptionEventType> = {
  readonly [K in T]: { readonly type: K; readonly data: Data[K] };
}[T];
export type ExceptionEvent = ExceptionEventOf<ExceptionEventType>;

const deviation = ['/kind', '/category', '/product', '/cause', '/requests/*', '/until'];

export const exceptionEventTypes: Readonly<Record<ExceptionEventType, EventType>> = {
  ExceptionOpened: {
    schema: 1,
    personal: ['/what', '/why'],
    plain: ['/number', '/customer', '/by', '/owner', '/dueAt', ...deviation],
  },
  ExceptionAmended: { schema: 1, personal: ['/what', '/why'], plain: ['/by', ...deviation] },
  ExceptionAssessed: { schema: 1, personal: ['/reasoning'], plain: ['/severity', '/impact', '/class', '/by'] },
  ExceptionFoundUnneeded: { schema: 1, personal: ['/reasoning'], plain: ['/by'] },
  ExceptionAssigned: { schema: 1, personal: [], plain: ['/owner', '/from'] },
  ExceptionDueSet: { schema: 1, personal: [], plain: ['/dueAt', '/from'] },
  ExceptionApprovalDelegated: { schema: 1, personal: [], plain: ['/by', '/to'] },
  ExceptionDelegationRevoked: { schema: 1, personal: [], plain: ['/by', '/to'] },
  ExceptionApprovalGiven: { schema: 1, personal: [], plain: ['/by', '/behalfOf'] },
  ExceptionApproved: { schema: 1, personal: [], plain: ['/approvers/*', '/until'] },
  ExceptionApprovalWithdrawn: { schema: 1, personal: ['/reason'], plain: ['/by', '/approver'] },
  ExceptionRejected: { schema: 1, personal: ['/reason'], plain: ['/by'] },
  ExceptionRenewalRequested: { schema: 1, personal: ['/reason'], plain: ['/by', '/until'] },
  ExceptionExpired: { schema: 1, personal: [], plain: ['/until'] },
  ExceptionOverdue: { schema: 1, personal: [], plain: ['/dueAt'] },
  ExceptionActionPlanned: { schema: 1, personal: ['/text'], plain: ['/responsible', '/dueAt'] },
  ExceptionActionCompleted: { schema: 1, personal: ['/text'], plain: ['/by'] },
  ExceptionActionVerified: { schema: 1, personal: ['/text'], plain: ['/by'] },
  ExceptionCustomerInformed: {
    schema: 2,
    personal: ['/text', '/messageId'],
    plain: ['/channel'],
    upcasters: { 1: asIs },
  },
  ExceptionNoticeDelivered: { schema: 1, personal: [], plain: [] },
  ExceptionNoticeFailed: { schema: 1, personal: ['/detail'], plain: ['/reason'] },
  ExceptionClosed: { schema: 1, personal: ['/prevention'], plain: [] },
  ExceptionWithdrawn: { schema: 1, personal: ['/reason'], plain: [] },
  ExceptionFeedbackGiven: { schema: 1, personal: ['/text'], plain: ['/from'] },
};
