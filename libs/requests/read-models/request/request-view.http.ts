import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { nameOf, Standing, statusNameOf } from '../../../configuration/configuration';
import { FieldValue } from '../../../configuration/words';
import { Scope } from '../../../platform/auth/caller';
import {
  Awaited,
  awaited,
  Impact,
  impacts,
  Level,
  levels,
  priorities,
  Priority,
  Status,
  statuses,
} from '../../vocabulary';
import { FoundRequest } from './request.query';

const instant = { type: String, format: 'date-time' } as const;
const instantOrNull = { ...instant, nullable: true } as const;
const textOrNull = { type: String, nullable: true } as const;

export class CustomerView {
  @ApiProperty({ format: 'uuid' }) readonly id: string;
  @ApiProperty({ ...textOrNull, description: 'as given with this case; null when the customer was named by id' })
  readonly name: string | null;
  @ApiProperty(textOrNull) readonly email: string | null;
  @ApiProperty(textOrNull) readonly phone: string | null;
}

export class HoldView {
  @ApiProperty({ enum: awaited }) readonly waitingFor: Awaited;
  @ApiProperty(instantOrNull) readonly until: string | null;
  @ApiProperty(instant) readonly since: string;
  @ApiPropertyOptional({ description: 'for staff only' }) readonly reason?: string | undefined;
}

export class ResolutionView {
  @ApiProperty({ example: 'fixed' }) readonly code: string;
  @ApiProperty() readonly text: string;
}

export class RequestFeedbackView {
  @ApiProperty({ minimum: 1, maximum: 5, description: '5 is best' }) readonly rating: number;
  @ApiProperty(textOrNull) readonly text: string | null;
  @ApiProperty(instant) readonly at: string;
}

/** What the configuration of one instant calls things; an id where it has no name for it. */
export class NamesView {
  @ApiProperty({ example: 'Incident' }) readonly type: string;
  @ApiProperty({ example: 'On hold', description: 'what its type calls the state' }) readonly status: string;
  @ApiProperty(textOrNull) readonly category: string | null;
  @ApiProperty(textOrNull) readonly product: string | null;
  @ApiProperty({ ...textOrNull, description: 'of the resolution' }) readonly code: string | null;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: { language: 'Language' } })
  readonly fields: Readonly<Record<string, string>>;
}

const plainValue: Readonly<Record<string, unknown>> = {
  oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }],
};
export class MergedIntoView {
  @ApiProperty({ example: 'CSR-9B2-4HT-0Y6', description: 'the case that stands for this one' })
  readonly number: string;
  @ApiProperty({ type: [String], description: 'what it was merged into, what that was merged into, and so on' })
  readonly path: readonly string[];
}

export class RelationCountsView {
  @ApiProperty(textOrNull) readonly parent: string | null;
  @ApiProperty() readonly children: number;
  @ApiProperty({ description: 'other links than to parent and children' }) readonly links: number;
  @ApiProperty({ description: 'cases that this one stands for' }) readonly merged: number;
}

/** A case as it stands. Text reads `[withheld]`, `[erased]` or `[redacted]` where it may not or cannot be shown. */
export class RequestView {
  @ApiProperty({ example: 'CSR-7K3-M9Q-XA4' }) readonly number: string;
  @ApiProperty({ example: '3' }) readonly revision: string;
  @ApiProperty({ enum: statuses }) readonly status: Status;
  @ApiProperty({ example: 'incident' }) readonly type: string;
  @ApiProperty(textOrNull) readonly category: string | null;
  @ApiProperty(textOrNull) readonly product: string | null;
  @ApiProperty({ enum: impacts }) readonly impact: Impact;
  @ApiProperty({ enum: impacts }) readonly urgency: Impact;
  @ApiProperty({ enum: priorities }) readonly priority: Priority;
  @ApiProperty({ type: 'object', additionalProperties: plainValue, description: 'custom fields by id' })
  readonly fields: Readonly<Record<string, string | number | boolean>>;
  @ApiProperty({ type: NamesView, description: 'as of ?namesAsOf=, else of now' }) readonly names: NamesView;
  @ApiProperty() readonly subject: string;
  @ApiProperty() readonly description: string;
  @ApiProperty({ type: CustomerView }) readonly customer: CustomerView;
  @ApiProperty({ ...textOrNull, description: 'handle, or the id of a team that is not known' })
  readonly team: string | null;
  @ApiProperty(textOrNull) readonly teamId: string | null;
  @ApiPropertyOptional({ ...textOrNull, description: 'handle, or the id of one who is not known; for staff only' })
  readonly assignee?: string | null | undefined;
  @ApiPropertyOptional({ ...textOrNull, description: 'for staff only' }) readonly assigneeId?:
    string | null | undefined;
  @ApiPropertyOptional({ enum: levels, description: 'for staff only' }) readonly level?: Level | undefined;
  @ApiProperty({ type: HoldView, nullable: true }) readonly hold: HoldView | null;
  @ApiProperty({ type: ResolutionView, nullable: true }) readonly resolution: ResolutionView | null;
  @ApiProperty(instant) readonly openedAt: string;
  @ApiProperty(instantOrNull) readonly resolvedAt: string | null;
  @ApiProperty({ ...instantOrNull, description: 'when it was closed or cancelled' }) readonly closedAt: string | null;
  @ApiProperty(instant) readonly updatedAt: string;
  @ApiProperty({ description: 'its history came from another system' }) readonly imported: boolean;
  @ApiProperty({ description: 'the other system did not say how it began' }) readonly incomplete: boolean;
  @ApiProperty() readonly responseCount: number;
  @ApiPropertyOptional({ description: 'for staff only' }) readonly noteCount?: number | undefined;
  @ApiProperty() readonly reopenedCount: number;
  @ApiProperty({ type: RequestFeedbackView, nullable: true, description: 'the last that the customer gave' })
  readonly feedback: RequestFeedbackView | null;
  @ApiProperty({ type: MergedIntoView, nullable: true }) readonly mergedInto: MergedIntoView | null;
  @ApiPropertyOptional({ type: RelationCountsView, description: 'for staff only' })
  readonly relations?: RelationCountsView | undefined;
}

const plainOf = (value: FieldValue): string | number | boolean => {
  if ('text' in value) return value.text;
  if ('number' in value) return Number(value.number);
  if ('boolean' in value) return value.boolean;
  return 'date' in value ? value.date : value.choice;
};

type Row = FoundRequest['row'];

const fieldsOf = ({ fields }: Row): RequestView['fields'] =>
  Object.fromEntries(Object.entries(fields).flatMap(([id, value]) => (value ? [[id, plainOf(value)]] : [])));

const namesOf = (standing: Standing, { type, status, category, product, resolution, fields }: Row): NamesView => ({
  type: nameOf(standing, 'types', type),
  status: statusNameOf(standing, type, status),
  category: category && nameOf(standing, 'categories', category),
  product: product && nameOf(standing, 'products', product),
  code: resolution && nameOf(standing, 'codes', resolution.code),
  fields: Object.fromEntries(Object.keys(fields).map((id) => [id, nameOf(standing, 'fields', id)])),
});

/** The case for one who may see this much of it. */
export const requestView = ({ internal }: Scope, found: FoundRequest, names: Standing): RequestView => {
  const { number, revision, row, teamHandle, assigneeHandle } = found;
  const { status, type, category, product, impact, urgency, priority, subject, description, contact, hold } = row;
  const { name = null, email = null, phone = null } = contact ?? {};
  const amongStaff = {
    assignee: assigneeHandle ?? row.assignee,
    assigneeId: row.assignee,
    level: row.level,
    noteCount: row.notes,
    relations: { parent: row.parent, children: row.children, links: row.links, merged: row.merged },
  };
  return {
    number,
    revision: String(revision),
    status,
    type,
    category,
    product,
    impact,
    urgency,
    priority,
    fields: fieldsOf(row),
    names: namesOf(names, row),
    subject,
    description,
    customer: { id: row.customer, name, email, phone },
    team: teamHandle ?? row.team,
    teamId: row.team,
    ...(internal ? amongStaff : {}),
    hold: hold && { ...hold, reason: internal ? hold.reason : undefined },
    resolution: row.resolution,
    openedAt: row.openedAt,
    resolvedAt: row.resolvedAt,
    closedAt: row.closedAt,
    updatedAt: row.updatedAt,
    imported: row.isImported,
    incomplete: row.isIncomplete,
    responseCount: row.responses,
    reopenedCount: row.reopenings,
    feedback: row.feedback,
    mergedInto: found.mergedInto,
  };
};
