import { Channel } from '../channels/channels';
import { FieldValue } from '../configuration/words';
import { PersonalText } from '../eventing/sealed';
import { Awaited, Direction, Impact, Level, Priority, Urgency } from './vocabulary';

/** What events of a case carry and others know by name. People, teams and customers are ids, never names. */

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
