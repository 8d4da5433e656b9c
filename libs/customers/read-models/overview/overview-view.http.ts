import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { AddressedChannel, addressedChannels } from '../../../channels/channels';
import { Opened } from '../../../eventing/unsealer';
import { Scope } from '../../../platform/auth/caller';
import { Consent, Contract, CustomerRecord, ErasureFacts } from '../../customer';
import { ErasureGround, erasureGrounds, RestrictionGround, restrictionGrounds } from '../../events';
import {
  ConsentStatus,
  consentStatuses,
  CustomerKind,
  customerKinds,
  LawfulBasis,
  lawfulBases,
} from '../../vocabulary';
import { FoundRecord, OpenedOverview } from './overview.query';

const instant = { type: String, format: 'date-time' } as const;
const instantOrNull = { ...instant, nullable: true } as const;
const textOrNull = { type: String, nullable: true } as const;
const uuid = { type: String, format: 'uuid' } as const;

export class ContactPointView {
  @ApiProperty({ example: 'email' }) readonly id: string;
  @ApiProperty({ enum: addressedChannels }) readonly channel: AddressedChannel;
  @ApiProperty() readonly address: string;
  @ApiProperty({ description: 'the one to use of its channel' }) readonly isPreferred: boolean;
  @ApiProperty({ description: 'what was recorded first was wrong' }) readonly isRectified: boolean;
  @ApiProperty(instant) readonly since: string;
}

export class ConsentView implements Consent {
  @ApiProperty({ example: 'newsletter' }) readonly purpose: string;
  @ApiProperty({ enum: consentStatuses }) readonly status: ConsentStatus;
  @ApiProperty({ enum: lawfulBases }) readonly basis: LawfulBasis;
  @ApiProperty(instant) readonly since: string;
  @ApiProperty() readonly isRectified: boolean;
}

export class ContractView implements Contract {
  @ApiProperty() readonly reference: string;
  @ApiProperty({ example: 'premium' }) readonly level: string;
  @ApiProperty(instant) readonly from: string;
  @ApiProperty({ ...instantOrNull, description: 'null: without an end' }) readonly until: string | null;
}

export class RestrictionView {
  @ApiProperty({ enum: restrictionGrounds }) readonly ground: RestrictionGround;
  @ApiProperty(instant) readonly since: string;
}

export class CustomerErasureView implements ErasureFacts {
  @ApiProperty({ enum: erasureGrounds }) readonly ground: ErasureGround;
  @ApiProperty(instant) readonly requestedAt: string;
  @ApiProperty(instantOrNull) readonly keyDestroyedAt: string | null;
  @ApiProperty({ ...textOrNull, description: 'SHA-256 of the certificate' }) readonly digest: string | null;
}

export class CustomerRecordView {
  @ApiProperty(uuid) readonly id: string;
  @ApiProperty({ example: '3' }) readonly revision: string;
  @ApiProperty({ enum: ['active', 'being-erased', 'erased'] }) readonly status: CustomerRecord['status'];
  @ApiProperty({ enum: customerKinds }) readonly kind: CustomerKind;
  @ApiProperty(textOrNull) readonly name: string | null;
  @ApiProperty({ description: 'what was recorded first was wrong' }) readonly isNameRectified: boolean;
  @ApiProperty({ type: [ContactPointView] }) readonly contactPoints: readonly ContactPointView[];
  @ApiProperty({ ...textOrNull, example: 'de' }) readonly language: string | null;
  @ApiProperty({ enum: addressedChannels, nullable: true, description: 'on which they want to be spoken to' })
  readonly channel: AddressedChannel | null;
  @ApiProperty({ type: [ConsentView] }) readonly consents: readonly ConsentView[];
  @ApiProperty(textOrNull) readonly segment: string | null;
  @ApiProperty({ type: ContractView, nullable: true }) readonly contract: ContractView | null;
  @ApiProperty({ ...textOrNull, description: 'what they are in their organisation' }) readonly title: string | null;
  @ApiPropertyOptional({ type: [String], description: 'matters for whose sake nothing may be erased; for staff only' })
  readonly holds?: readonly string[] | undefined;
  @ApiProperty({ type: RestrictionView, nullable: true, description: 'their data are kept and used for nothing else' })
  readonly restriction: RestrictionView | null;
  @ApiProperty({ ...textOrNull, description: 'number of the request that they came with' })
  readonly request: string | null;
  @ApiProperty(instant) readonly registeredAt: string;
  @ApiProperty({ type: CustomerErasureView, nullable: true }) readonly erasure: CustomerErasureView | null;
}

export class NamedCustomer {
  @ApiProperty(uuid) readonly id: string;
  @ApiProperty(textOrNull) readonly name: string | null;
}

export class PersonOfOrganisation extends NamedCustomer {
  @ApiProperty(textOrNull) readonly title: string | null;
}

export class PeopleView {
  @ApiProperty() readonly total: number;
  @ApiProperty({ type: [PersonOfOrganisation] }) readonly items: readonly PersonOfOrganisation[];
}

export class CustomerRequestView {
  @ApiProperty({ example: 'CSR-7K3-M9Q-XA4' }) readonly number: string;
  @ApiProperty({ ...uuid, description: 'as it was opened for' }) readonly customer: string;
  @ApiProperty() readonly status: string;
  @ApiProperty() readonly priority: string;
  @ApiProperty() readonly type: string;
  @ApiProperty() readonly subject: string;
  @ApiProperty(instant) readonly openedAt: string;
  @ApiProperty(instant) readonly updatedAt: string;
  @ApiProperty({ ...instantOrNull, description: 'when the next of its running clocks is due' })
  readonly dueAt: string | null;
}

export class CustomerRequestsView {
  @ApiProperty() readonly total: number;
  @ApiProperty() readonly open: number;
  @ApiProperty({ type: [CustomerRequestView], description: 'those that something happened to last' })
  readonly items: readonly CustomerRequestView[];
}

export class PromiseView {
  @ApiProperty({ example: 'CSR-7K3-M9Q-XA4' }) readonly number: string;
  @ApiProperty({ example: 'first-response' }) readonly metric: string;
  @ApiProperty(instant) readonly dueAt: string;
}

export class PromisesView {
  @ApiProperty() readonly total: number;
  @ApiProperty({ type: [PromiseView], description: 'what is due first' }) readonly items: readonly PromiseView[];
}

export class ContactView {
  @ApiProperty({ example: 'CSR-7K3-M9Q-XA4' }) readonly number: string;
  @ApiProperty({ example: '3', description: 'of the event in that request' }) readonly revision: string;
  @ApiProperty({ enum: ['staff', 'customer'] }) readonly by: 'staff' | 'customer';
  @ApiProperty({ ...textOrNull, description: 'null: on no channel that was named' }) readonly channel: string | null;
  @ApiProperty(instant) readonly at: string;
}

export class ContactsView {
  @ApiProperty({ description: 'of the latest requests, those in which somebody has spoken' }) readonly total: number;
  @ApiProperty({ type: [ContactView], description: 'the last word in each, the latest first' })
  readonly items: readonly ContactView[];
}

export class CustomerExceptionView {
  @ApiProperty({ example: 'CER-7K3-M9Q-XA4' }) readonly number: string;
  @ApiProperty() readonly status: string;
  @ApiProperty() readonly kind: string;
  @ApiPropertyOptional({ description: 'for staff only' }) readonly what?: string | undefined;
  @ApiProperty(instant) readonly openedAt: string;
  @ApiPropertyOptional({ ...instantOrNull, description: 'for staff only' }) readonly dueAt?: string | null | undefined;
}

export class CustomerExceptionsView {
  @ApiProperty() readonly total: number;
  @ApiProperty() readonly open: number;
  @ApiProperty({ type: [CustomerExceptionView], description: 'the newest' })
  readonly items: readonly CustomerExceptionView[];
}

export class CustomerFeedbackView {
  @ApiProperty({ description: 'of the request or exception' }) readonly number: string;
  @ApiProperty({ enum: ['staff', 'customer'] }) readonly from: 'staff' | 'customer';
  @ApiProperty({ minimum: 1, maximum: 5 }) readonly rating: number;
  @ApiProperty(textOrNull) readonly text: string | null;
  @ApiProperty(instant) readonly at: string;
}

export class CustomerFeedbacksView {
  @ApiProperty() readonly total: number;
  @ApiProperty({ type: [CustomerFeedbackView], description: 'the newest' })
  readonly items: readonly CustomerFeedbackView[];
}

export class OverviewView extends CustomerRecordView {
  @ApiProperty({ ...uuid, description: 'who was asked for; another than `id` when they are merged into it' })
  readonly requested: string;
  @ApiProperty({ type: [CustomerRecordView], description: 'records that are merged into this one' })
  readonly merged: readonly CustomerRecordView[];
  @ApiProperty({ type: NamedCustomer, nullable: true }) readonly organisation: NamedCustomer | null;
  @ApiProperty({ type: PeopleView, description: 'of an organisation' }) readonly people: PeopleView;
  @ApiProperty({ type: CustomerRequestsView }) readonly requests: CustomerRequestsView;
  @ApiProperty({ type: PromisesView }) readonly promises: PromisesView;
  @ApiProperty({ type: ContactsView }) readonly contacts: ContactsView;
  @ApiProperty({ type: CustomerExceptionsView }) readonly exceptions: CustomerExceptionsView;
  @ApiProperty({ type: CustomerFeedbacksView }) readonly feedback: CustomerFeedbacksView;
  @ApiProperty({ example: '81745' }) readonly position: string;
}

export const recordView = ({ internal }: Scope, { id, revision, row }: Opened<FoundRecord>): CustomerRecordView => {
  const { status, kind, name, isNameRectified, contactPoints, language, channel, consents, segment, contract } = row;
  const { title, holds, restriction, request, registeredAt, erasure } = row;
  return {
    ...{ id, revision, status, kind, name, isNameRectified, contactPoints, language, channel, consents, segment },
    ...{ contract, title, ...(internal ? { holds } : {}), restriction, request, registeredAt, erasure },
  };
};

/** What deviates, and until when it is to be settled, is among the staff. */
const exceptionView = (
  { internal }: Scope,
  { what, dueAt, ...shown }: OpenedOverview['exceptions']['items'][number],
): CustomerExceptionView => ({ ...shown, ...(internal ? { what, dueAt } : {}) });

export const overviewView = (
  scope: Scope,
  requested: string,
  { records: [record, ...merged], ...parts }: OpenedOverview,
  position: string,
): OverviewView => {
  if (!record) throw new Error('an overview without a record');
  return {
    ...recordView(scope, record),
    ...{ requested, merged: merged.map((each) => recordView(scope, each)), ...parts, position },
    exceptions: { ...parts.exceptions, items: parts.exceptions.items.map((each) => exceptionView(scope, each)) },
  };
};
