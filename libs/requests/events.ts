import { Channel } from '../channels/channels';
import { DeliveryFailure } from '../channels/delivery';
import { ScanVerdict } from '../attachments/scanner';
import { PersonalText } from '../eventing/sealed';
import { FieldValue } from '../configuration/words';
import { Audience, Occasion } from '../service-levels/escalation';
import { Awaited, Direction, Impact, Level, Priority, Relation, Urgency } from './vocabulary';

/** Every event of a case. Names and versions stay for ever; people, teams and customers are ids, never names. */
export const requestCategory = 'request';

export interface Assignment {
  readonly team: string;
  readonly assignee: string | null;
}

/** How to reach the customer, as given with this request. */
export interface ContactDetails {
  readonly name: PersonalText;
  readonly email?: PersonalText | undefined;
  readonly phone?: PersonalText | undefined;
}

/** Custom fields by id; null: the value was taken away. */
export type FieldValues = Readonly<Record<string, FieldValue<PersonalText> | null>>;

/** How routing came upon its decision about one member of the team. */
export const verdicts = ['chosen', 'behind', 'kept', 'full', 'too-small', 'lacks-skill', 'off-shift', 'away'] as const;
export type Verdict = (typeof verdicts)[number];

export interface Candidate {
  readonly staff: string;
  readonly verdict: Verdict;
  /** Weight of what they work on, and the most they may have at once. */
  readonly load: number;
  readonly capacity: number;
  /** Which distribution of their team they got last; null before the first. */
  readonly turn: number | null;
}

export interface Classification {
  readonly type: string;
  readonly category: string | null;
  readonly product: string | null;
  readonly impact: Impact;
  readonly urgency: Urgency;
  /** The priority that the matrix gave at the time. */
  readonly priority: Priority;
}

/** Somebody at the other end, as the channel names them. */
export interface Party {
  readonly name?: PersonalText | undefined;
  readonly address?: PersonalText | undefined;
}

/** Time that a member of staff spent on an exchange. */
export interface Worked {
  readonly talkSeconds: number;
  readonly holdSeconds: number;
  readonly wrapUpSeconds: number;
}

/** How words came or went, as far as somebody said. */
export interface Exchange {
  readonly channel?: Channel | undefined;
  readonly direction?: Direction | undefined;
  readonly from?: Party | undefined;
  readonly to?: readonly Party[] | undefined;
  /** Of the message, as its channel knows it; of an e-mail that is to be sent, the one that it gets. */
  readonly messageId?: PersonalText | undefined;
  readonly inReplyTo?: PersonalText | undefined;
  /** It came from somebody who is not the customer. */
  readonly isThirdParty?: boolean | undefined;
  /** A machine wrote it: an absence note, a receipt. */
  readonly isAutomatic?: boolean | undefined;
  /** Revisions of the `RequestFileAttached` of this case that it carries. */
  readonly attachments?: readonly number[] | undefined;
  readonly worked?: Worked | undefined;
}

/** A file's bytes as they are kept: sealed, outside of the log. */
export interface FileContent {
  /** In clear. */
  readonly bytes: number;
  /** Of the ciphertext, hex; it is kept under this name. */
  readonly sha256: string;
  /** Whose key, and the file's own: without either it cannot be read. */
  readonly person: string;
  readonly valueKey: string;
}

interface Data {
  RequestOpened: Classification & {
    readonly number: string;
    readonly subject: PersonalText;
    readonly description: PersonalText;
    readonly team: string | null;
    readonly customer: string;
    /** Present when the customer was described rather than named by id; also what a new customer is registered from. */
    readonly contact?: ContactDetails | undefined;
    /** The source had no opening: this is its first sign of the case. */
    readonly incomplete?: boolean | undefined;
    readonly exchange?: Exchange | undefined;
    /** Number of the case that was over when the customer wrote about it again. */
    readonly followUpOf?: string | undefined;
  };
  RequestClassified: Partial<Classification>;
  RequestAssigned: Assignment & { readonly from: Assignment | null };
  /** What the custom fields of its type say from now on; those that are not named stay. */
  RequestFieldsFilled: { readonly fields: FieldValues };
  /** A rule chose the team. Whether that changed anything says the assignment that follows, or none. */
  RequestRouted: {
    readonly team: string;
    /** Revision of the rules, and the rule. */
    readonly rules: number;
    readonly rule: string;
    /** By what of the request: `type=incident priority=P1`. */
    readonly matched: string;
    readonly skills: readonly string[];
  };
  /** Of the team's people this one was chosen, and why not the others. The assignment follows. */
  RequestDistributed: {
    readonly team: string;
    readonly assignee: string;
    readonly strategy: 'round-robin' | 'least-loaded';
    /** Counts the distributions of the team. */
    readonly turn: number;
    readonly weight: number;
    readonly considered: readonly Candidate[];
    /** How many more were considered than are named. */
    readonly others: number;
  };
  RequestEscalated: { readonly from: Level; readonly to: Level; readonly reason: PersonalText };
  RequestHeld: { readonly reason: PersonalText; readonly waitingFor: Awaited; readonly until: string | null };
  RequestResumed: { readonly waitedFor: Awaited };
  RequestResponded: {
    readonly text: PersonalText;
    readonly by: 'staff' | 'customer';
    readonly exchange?: Exchange | undefined;
    /** What the text was made from. */
    readonly template?: { readonly id: string; readonly revision: number } | undefined;
    /** Revision of its writer's draft whose words these are. */
    readonly draft?: number | undefined;
  };
  /** Whoever carries messages has carried the one at revision `about`. */
  RequestMessageDelivered: { readonly about: number };
  /** It was tried in vain; final: it is not tried again. */
  RequestMessageFailed: {
    readonly about: number;
    readonly reason: DeliveryFailure;
    readonly isFinal: boolean;
    /** What the other end said. */
    readonly detail?: PersonalText | undefined;
  };
  RequestNoted: { readonly text: PersonalText; readonly exchange?: Exchange | undefined };
  /** A file was added. Customers see what they added, and what a message to or from them carries. */
  RequestFileAttached: {
    readonly name: PersonalText;
    /** What the bytes look like, whatever was claimed. */
    readonly mediaType: string;
    readonly content: FileContent;
    /** By which scanner; `none` when there is none. A refused file is kept and never given out. */
    readonly scan: { readonly verdict: ScanVerdict; readonly by: string };
    /** Revision of the event with whose message it came; null when it came by itself. */
    readonly about: number | null;
  };
  /** The customer's word on how a resolution served them. Of several on one resolution the last counts. */
  RequestFeedbackGiven: {
    /** 1 to 5, 5 is best. */
    readonly rating: number;
    readonly text?: PersonalText | undefined;
    /** Revision of the `RequestResolved` that it is about. */
    readonly about: number;
  };
  RequestResolved: { readonly code: string; readonly resolution: PersonalText };
  RequestClosed: Record<never, never>;
  RequestReopened: { readonly reason: PersonalText };
  RequestCancelled: { readonly reason: PersonalText };
  /** An earlier fact was wrong: `values` stand in for those of the event at revision `corrects`. */
  RequestCorrected: {
    readonly corrects: number;
    readonly reason: PersonalText;
    readonly values: CorrectedValues;
  };
  /** The key of one text was destroyed: nobody can read it any more. */
  RequestTextRedacted: { readonly redacts: number; readonly pointer: string; readonly reason: PersonalText };
  /** What hangs together is decided on all requests at once, see `libs/relations`; here stands what it means for this one. */
  RequestLinked: LinkedTo;
  RequestUnlinked: LinkedTo;
  /** `into` stands for this one from now on. The fold reads null where that was taken back since. */
  RequestMerged: { readonly into: string | null; readonly reason: PersonalText | null };
  RequestUnmerged: { readonly from: string; readonly reason: PersonalText | null };
  /** It stands for another one from now on, and for all `members` that had been merged into that one. */
  RequestAbsorbed: { readonly number: string; readonly members: readonly AbsorbedMember[] };
  RequestSeparated: { readonly number: string; readonly members: readonly string[] };
  /** Messages of this one have become another request. */
  RequestSplitOff: { readonly into: string; readonly revisions: readonly number[] };
  RequestSplitFrom: { readonly number: string; readonly revisions: readonly number[] };
  /** A message as it stands in the request that this one was split from. */
  RequestMessageCopied: {
    readonly number: string;
    readonly revision: number;
    readonly text: PersonalText;
    readonly by: 'staff' | 'customer';
    readonly author: string;
    /** RFC 3339, UTC, milliseconds. */
    readonly writtenAt: string;
  };
  /** How it was resolved is how its open children are. */
  RequestResolutionShared: Record<never, never>;
  /** It was resolved because this parent of it was. */
  RequestResolvedWith: { readonly number: string };
  /** A step of an imported log that changes nothing here but belongs to the history. */
  RequestActivityRecorded: { readonly activity: string };
  /** A clock nears its target: so many counted seconds are left. `share` of the target in percent, when that was asked for. */
  ServiceLevelWarned: RunOfClock & { readonly share: number | null; readonly secondsBefore: number };
  /** More than a clock's target has passed. It happened at the due instant, however late it was noticed. */
  ServiceLevelBreached: RunOfClock & {
    readonly targetSeconds: number;
    /** The target had been exceeded already when it was set: nobody could have been warned. */
    readonly bornBreached: boolean;
  };
  /** A step of the escalation chain has come: so many counted seconds have passed since the due instant. */
  ServiceLevelOverdue: RunOfClock & { readonly secondsAfter: number };
  /**
   * The terms under this digest were wrong all along: those that this event's metadata names stand in for them, in every event of
   * the case before this one. `corrected` and `by` are revisions of a policy or calendar: `office@1`, `office@2`.
   */
  ServiceLevelTermsCorrected: { readonly wrong: string; readonly corrected: string; readonly by: string };
  /** A breach that was told is none, for something was wrong that has been put right since. */
  ServiceLevelBreachRetracted: RunOfClock & { readonly because: string };
  /** Who was told of one of these. What carries it to them reads it here. */
  ServiceLevelNotified: Pick<RunOfClock, 'metric' | 'cycle'> & {
    readonly cause: Occasion;
    /** Revision of the event that it is about. */
    readonly about: number;
    readonly audience: Audience;
    readonly team: string | null;
    readonly assignee: string | null;
  };
}

interface LinkedTo {
  readonly relation: Relation;
  readonly number: string;
}

/** A request that another one stands for, and when its clocks had counted. */
export interface AbsorbedMember {
  readonly number: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly waits: readonly { readonly metric: string; readonly from: string; readonly to: string }[];
}

/** One run of one clock of the case, and the instant at which its target is reached. */
export interface RunOfClock {
  readonly metric: string;
  readonly cycle: number;
  /** RFC 3339, UTC, milliseconds. */
  readonly dueAt: string;
}

/** What a correction may say; which of it fits depends on the event that it corrects. */
export interface CorrectedValues {
  readonly subject?: PersonalText | undefined;
  readonly description?: PersonalText | undefined;
  readonly text?: PersonalText | undefined;
  readonly resolution?: PersonalText | undefined;
  readonly type?: string | undefined;
  readonly category?: string | undefined;
  readonly product?: string | undefined;
  readonly impact?: Impact | undefined;
  readonly urgency?: Urgency | undefined;
  readonly priority?: Priority | undefined;
  readonly team?: string | undefined;
  readonly assignee?: string | null | undefined;
  readonly to?: Level | undefined;
  readonly waitingFor?: Awaited | undefined;
  readonly code?: string | undefined;
  /** When it really happened; RFC 3339, UTC, milliseconds. */
  readonly occurredAt?: string | undefined;
}

export type RequestEventType = keyof Data;
export type RequestEventOf<T extends RequestEventType> = {
  readonly [K in T]: { readonly type: K; readonly data: Data[K] };
}[T];
export type RequestEvent = RequestEventOf<RequestEventType>;
