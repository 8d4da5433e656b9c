import { Controller } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiQuery } from '@nestjs/swagger';
import { readers, Scope } from '../../../platform/auth/caller';
import { wholeNumber } from '../../../platform/http/query-parameters';
import { RequestNumber } from '../../number.http';
import { Relation, relations, Status, statuses } from '../../vocabulary';
import { ApiAsOf, AsOfPoint, asOfParameters } from '../as-of/as-of.http';
import { AsOf } from '../as-of/as-of.query';
import { CallerScope, QueryOf, ReadPosition, ReadRoute, ValuesOf } from '../read-route.http';
import { MergedIntoView } from '../request/request-view.http';
import { RequestQuery } from '../request/request.query';
import { FoundRelations, RelationsQuery } from './relations.query';

const linksUsual = 100;
const linksMax = 1_000;
const parameters = { ...asOfParameters, limit: wholeNumber(1, linksMax) };

const instant = { type: String, format: 'date-time' } as const;
const textOrNull = { type: String, nullable: true } as const;

export class LinkView {
  @ApiProperty({ enum: relations, description: 'what the other case is to this one' }) readonly relation: Relation;
  @ApiProperty({ example: 'CSR-9B2-4HT-0Y6' }) readonly number: string;
  @ApiProperty({ enum: statuses, nullable: true, description: 'as it stands today' }) readonly status: Status | null;
  @ApiProperty(instant) readonly since: string;
}

export class AbsorbedView {
  @ApiProperty({ example: 'CSR-9B2-4HT-0Y6' }) readonly number: string;
  @ApiProperty({ type: [String], description: 'itself and what had been merged into it' })
  readonly members: readonly string[];
  @ApiProperty(instant) readonly since: string;
}

export class SplitView {
  @ApiProperty({ example: 'CSR-9B2-4HT-0Y6' }) readonly number: string;
  @ApiProperty({ type: [String], description: 'of the messages, in the case that they come from' })
  readonly revisions: readonly string[];
  @ApiProperty(instant) readonly since: string;
}

/** How far the children of a case have come. */
export class ChildrenView {
  @ApiProperty() readonly total: number;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'how many there are in each status today',
  })
  readonly byStatus: Readonly<Partial<Record<Status, number>>>;
}

export class RelationsAnswer {
  @ApiProperty({ example: 'CSR-7K3-M9Q-XA4' }) readonly number: string;
  @ApiProperty({ example: '3', description: 'of its newest event' }) readonly revision: string;
  @ApiProperty({ type: [LinkView] }) readonly links: readonly LinkView[];
  @ApiProperty({ description: 'how many links there are, shown or not' }) readonly total: number;
  @ApiProperty({ type: ChildrenView }) readonly children: ChildrenView;
  @ApiProperty({ type: MergedIntoView, nullable: true }) readonly mergedInto: MergedIntoView | null;
  @ApiProperty({ type: [AbsorbedView] }) readonly merged: readonly AbsorbedView[];
  @ApiProperty({ type: SplitView, nullable: true }) readonly splitFrom: SplitView | null;
  @ApiProperty({ type: [SplitView] }) readonly splitOff: readonly SplitView[];
  @ApiProperty({ ...textOrNull, description: 'the request that had ended when the customer wrote about it again' })
  readonly followUpOf: string | null;
  @ApiProperty({ type: [String], description: 'requests that follow it up today, at most 100' })
  readonly followUps: readonly string[];
  @ApiProperty({ ...textOrNull, description: 'the parent that it was resolved with, until it is reopened' })
  readonly resolvedWith: string | null;
  @ApiProperty({ example: '81745' }) readonly position: string;
}

@Controller('v1/requests')
export class RelationsController {
  constructor(
    private readonly relations: RelationsQuery,
    private readonly requests: RequestQuery,
  ) {}

  @ReadRoute(':number/relations', readers)
  @ApiOperation({ operationId: 'getRelations', summary: 'What it hangs together with, and how far its children are.' })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: linksMax } })
  @ApiAsOf()
  @ApiOkResponse({ type: RelationsAnswer })
  async one(
    @CallerScope() scope: Scope,
    @RequestNumber() number: string,
    @QueryOf(parameters) { limit = linksUsual }: ValuesOf<typeof parameters>,
    @ReadPosition() position: string,
    @AsOfPoint() asOf: AsOf | undefined,
  ): Promise<RelationsAnswer> {
    const found = await this.relations.find(scope, number, asOf?.cut);
    const path = await this.requests.mergePath(found.row.mergedInto?.number ?? null, asOf?.cut);
    return { ...relationsView(number, found, limit), mergedInto: path, position };
  }
}

const splitView = ({ number, revisions, since }: FoundRelations['row']['splitOff'][number]): SplitView => ({
  ...{ number, since },
  revisions: revisions.map(String),
});

const relationsView = (number: string, found: FoundRelations, limit: number) => {
  const { revision, row, statuses: standing, followUps } = found;
  const children = row.links.filter(({ relation }) => relation === 'child');
  const byStatus: Partial<Record<Status, number>> = {};
  for (const child of children) {
    const status = standing.get(child.number);
    if (status) byStatus[status] = (byStatus[status] ?? 0) + 1;
  }
  return {
    number,
    revision: String(revision),
    links: row.links.slice(0, limit).map((link) => ({ ...link, status: standing.get(link.number) ?? null })),
    total: row.links.length,
    children: { total: children.length, byStatus },
    merged: row.absorbed,
    splitFrom: row.splitFrom && splitView(row.splitFrom),
    splitOff: row.splitOff.map(splitView),
    ...{ followUpOf: row.followUpOf, followUps, resolvedWith: row.resolvedWith },
  };
};
