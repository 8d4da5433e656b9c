import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Channel, channels } from '../../../channels/channels';
import { SendingView, sendingView } from '../../../channels/delivery.http';
import { Scope } from '../../../platform/auth/caller';
import {
  ExceptionClass,
  exceptionClasses,
  ExceptionImpact,
  exceptionImpacts,
  ExceptionStatus,
  exceptionStatuses,
  severities,
  Severity,
} from '../../vocabulary';
import { FoundException } from './exception.query';

const instant = { type: String, format: 'date-time' } as const;
const instantOrNull = { ...instant, nullable: true } as const;
const textOrNull = { type: String, nullable: true } as const;
const forStaff = 'for staff only';

export class PersonView {
  @ApiProperty() readonly id: string;
  @ApiProperty(textOrNull) readonly handle: string | null;
}

export class NoticeView {
  @ApiProperty({ example: '3' }) readonly revision: string;
  @ApiProperty(instant) readonly at: string;
  @ApiProperty({ enum: channels }) readonly channel: Channel;
  @ApiProperty() readonly text: string;
  @ApiPropertyOptional({ type: SendingView, description: 'of what somebody is to carry; for staff only' })
  readonly sending?: SendingView | undefined;
}

export class FeedbackView {
  @ApiProperty(instant) readonly at: string;
  @ApiProperty({ enum: ['customer', 'staff'] }) readonly from: 'customer' | 'staff';
  @ApiProperty() readonly rating: number;
  @ApiProperty(textOrNull) readonly text: string | null;
}

export class AssessmentView {
  @ApiProperty({ enum: severities }) readonly severity: Severity;
  @ApiProperty({ enum: exceptionImpacts }) readonly impact: ExceptionImpact;
  @ApiProperty({ enum: exceptionClasses }) readonly class: ExceptionClass;
}

export class ApprovalView {
  @ApiProperty({ type: PersonView }) readonly by: PersonView;
  @ApiProperty({ type: PersonView, nullable: true, description: 'in whose place' })
  readonly behalfOf: PersonView | null;
}

export class CorrectiveActionView {
  @ApiProperty({ description: 'its place, from 1' }) readonly action: number;
  @ApiProperty({ enum: ['planned', 'completed', 'verified'] }) readonly status: 'planned' | 'completed' | 'verified';
  @ApiProperty({ type: PersonView }) readonly responsible: PersonView;
  @ApiProperty(instantOrNull) readonly dueAt: string | null;
  @ApiProperty() readonly text: string;
  @ApiProperty(textOrNull) readonly completion: string | null;
  @ApiProperty(textOrNull) readonly verification: string | null;
}

/** What lists show. */
export class ExceptionSummary {
  @ApiProperty({ example: 'CER-7K3-M9Q-XA4' }) readonly number: string;
  @ApiProperty({ enum: exceptionStatuses }) readonly status: ExceptionStatus;
  @ApiProperty() readonly kind: string;
  @ApiProperty({ type: [String] }) readonly requests: readonly string[];
  @ApiProperty(instant) readonly openedAt: string;
  @ApiProperty(instantOrNull) readonly endedAt: string | null;
  @ApiPropertyOptional({ ...textOrNull, description: forStaff }) readonly category?: string | null | undefined;
  @ApiPropertyOptional({ ...textOrNull, description: forStaff }) readonly product?: string | null | undefined;
  @ApiPropertyOptional({ ...textOrNull, description: forStaff }) readonly cause?: string | null | undefined;
  @ApiPropertyOptional({ type: AssessmentView, nullable: true, description: forStaff })
  readonly assessment?: AssessmentView | null | undefined;
  @ApiPropertyOptional({ format: 'uuid', description: forStaff }) readonly customer?: string | undefined;
  @ApiPropertyOptional({ type: PersonView, description: forStaff }) readonly owner?: PersonView | undefined;
  @ApiPropertyOptional({ ...instantOrNull, description: forStaff }) readonly dueAt?: string | null | undefined;
  @ApiPropertyOptional({ ...instantOrNull, description: `until when it holds or held; ${forStaff}` })
  readonly validUntil?: string | null | undefined;
}

export class RecurrenceView {
  @ApiProperty({ description: 'how many there are in all' }) readonly total: number;
  @ApiProperty({ type: [ExceptionSummary], description: 'the newest' }) readonly items: readonly ExceptionSummary[];
}

/** An exception as it stands. Customers see what they were told, and how it stands. */
export class ExceptionView extends ExceptionSummary {
  @ApiProperty({ example: '3' }) readonly revision: string;
  @ApiProperty(instant) readonly updatedAt: string;
  @ApiProperty({ type: [NoticeView], description: 'what the customer was told; the newest, the latest last' })
  readonly notices: readonly NoticeView[];
  @ApiProperty({ description: 'how often the customer was told something' }) readonly noticeCount: number;
  @ApiProperty({ type: [FeedbackView] }) readonly feedback: readonly FeedbackView[];
  @ApiProperty() readonly feedbackCount: number;
  @ApiPropertyOptional({ description: forStaff }) readonly what?: string | undefined;
  @ApiPropertyOptional({ description: forStaff }) readonly why?: string | undefined;
  @ApiPropertyOptional({ ...textOrNull, description: `of the assessment; ${forStaff}` })
  readonly reasoning?: string | null | undefined;
  @ApiPropertyOptional({ ...textOrNull, description: `why it was rejected; ${forStaff}` })
  readonly rejection?: string | null | undefined;
  @ApiPropertyOptional({ ...textOrNull, description: forStaff }) readonly prevention?: string | null | undefined;
  @ApiPropertyOptional({ ...instantOrNull, description: `until when it is to hold; ${forStaff}` })
  readonly until?: string | null | undefined;
  @ApiPropertyOptional({ type: PersonView, description: forStaff }) readonly openedBy?: PersonView | undefined;
  @ApiPropertyOptional({ type: [ApprovalView], description: `for the decision that is pending; ${forStaff}` })
  readonly approvals?: readonly ApprovalView[] | undefined;
  @ApiPropertyOptional({ type: [ApprovalView], description: `that it rests on while it holds; ${forStaff}` })
  readonly granted?: readonly ApprovalView[] | undefined;
  @ApiPropertyOptional({ ...instantOrNull, description: `end that was asked for and is not decided; ${forStaff}` })
  readonly renewalUntil?: string | null | undefined;
  @ApiPropertyOptional({ description: `how often it was approved; ${forStaff}` }) readonly approvalCount?:
    number | undefined;
  @ApiPropertyOptional({ ...instantOrNull, description: forStaff }) readonly approvedAt?: string | null | undefined;
  @ApiPropertyOptional({ type: [CorrectiveActionView], description: forStaff })
  readonly actions?: readonly CorrectiveActionView[] | undefined;
  @ApiPropertyOptional({
    type: RecurrenceView,
    description: `others of the same kind with the same category, product or cause; ${forStaff}`,
  })
  readonly recurrence?: RecurrenceView | undefined;
}

export type Handles = ReadonlyMap<string, string>;

const person = (id: string, handles: Handles): PersonView => ({ id, handle: handles.get(id) ?? null });

const stateOf = ({ number, row: { state } }: FoundException) => {
  if (!state) throw new Error(`exception ${number} has a row without an opening`);
  return state;
};

/** Whose handles a view needs. */
export const peopleIn = (found: FoundException): readonly string[] => {
  const { owner, approvals, granted, actions } = stateOf(found);
  const decided = [...approvals, ...granted].flatMap(({ by, behalfOf }) => [by, behalfOf ?? by]);
  return [owner, found.row.openedBy, ...decided, ...actions.map(({ responsible }) => responsible)];
};

export const exceptionSummary = ({ internal }: Scope, found: FoundException, handles: Handles): ExceptionSummary => {
  const { status, kind, requests, category, product, cause, assessment, customer, owner, ...state } = stateOf(found);
  const { dueAt, validUntil } = state;
  const amongStaff = { category, product, cause, assessment, customer, dueAt, validUntil };
  return {
    ...{ number: found.number, status, kind, requests },
    ...{ openedAt: found.row.openedAt, endedAt: found.row.endedAt },
    ...(internal ? { ...amongStaff, owner: person(owner, handles) } : {}),
  };
};

const amongStaff = (found: FoundException, handles: Handles, recurrence: RecurrenceView) => {
  const { what, why, reasoning, rejection, prevention, openedBy, approvedAt, actions } = found.row;
  const { until, approvals, granted, renewal, actions: steps } = stateOf(found);
  const approval = ({ by, behalfOf }: (typeof approvals)[number]): ApprovalView => ({
    by: person(by, handles),
    behalfOf: behalfOf === null ? null : person(behalfOf, handles),
  });
  return {
    ...{ what, why, reasoning, rejection, prevention, until, approvedAt, recurrence },
    ...{ approvals: approvals.map(approval), granted: granted.map(approval) },
    ...{ renewalUntil: renewal && renewal.until, approvalCount: found.row.approvals },
    openedBy: person(openedBy, handles),
    actions: steps.map(({ status, responsible, dueAt }, index) => {
      const { text = '', completion = null, verification = null } = actions[index] ?? {};
      const step = { action: index + 1, status, responsible: person(responsible, handles), dueAt };
      return { ...step, text, completion, verification };
    }),
  };
};

/** The exception for one who may see this much of it. */
export const exceptionView = (
  scope: Scope,
  found: FoundException,
  handles: Handles,
  recurrence: RecurrenceView | undefined,
): ExceptionView => ({
  ...exceptionSummary(scope, found, handles),
  revision: String(found.revision),
  updatedAt: found.row.updatedAt,
  notices: found.row.notices.map(({ revision, at, channel, text }) => {
    const sent = stateOf(found).sent.find(({ notice }) => notice === revision);
    const sending = scope.internal && sent ? sendingView(sent) : undefined;
    return { revision: String(revision), at, channel, text, sending };
  }),
  noticeCount: stateOf(found).notices,
  feedback: found.row.feedback,
  feedbackCount: found.row.feedbackCount,
  ...(recurrence ? amongStaff(found, handles, recurrence) : {}),
});
