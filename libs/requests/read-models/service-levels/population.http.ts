import { Controller, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty } from '@nestjs/swagger';
import { FastifyReply } from 'fastify';
import { readers } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { ApiPage, pageParameters, pageRowsUsual } from '../../../platform/http/page-parameters.http';
import { type ClockStatusAt } from '../../../service-levels/clocks';
import { priorities, Priority } from '../../vocabulary';
import { ApiAsOf, AsOfPoint, asOfParameters } from '../as-of/as-of.http';
import { AsOf } from '../as-of/as-of.query';
import { DirectoryQuery } from '../directory/directory.query';
import { writeCursor } from '../page-cursor';
import { placeOf } from '../page-cursor.http';
import { QueryOf, ReadPosition, ReadRoute, ValuesOf } from '../read-route.http';
import { ApiPopulationFilter, populationFilterOf, populationFilterParameters } from './population-parameters.http';
import { clockStatuses, PopulationClock, PopulationGroup, PopulationQuery } from './population.query';

const parameters = {
  ...populationFilterParameters,
  ...pageParameters,
  ...asOfParameters,
};

export class PopulationGroupAnswer {
  @ApiProperty({ example: 'resolution' }) readonly metric: string;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'id of the team that had the cases when their clocks began',
  })
  readonly team: string | null;
  @ApiProperty({ enum: priorities }) readonly priority: Priority;
  @ApiProperty({ description: 'clocks by status; none is left out as 0', example: { met: 12, missed: 1 } })
  readonly counts: PopulationGroup['counts'];
}

export class PopulationClockAnswer {
  @ApiProperty({ example: 'CSR-7K3-M9Q-XA4' }) readonly number: string;
  @ApiProperty({ example: 'resolution' }) readonly metric: string;
  @ApiProperty() readonly cycle: number;
  @ApiProperty({ enum: clockStatuses }) readonly status: ClockStatusAt;
  @ApiProperty({ enum: priorities }) readonly priority: Priority;
  @ApiProperty({ type: String, nullable: true, description: 'id' }) readonly team: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'null when it never will be' })
  readonly breachesAt: string | null;
}

export class PopulationAnswer {
  @ApiProperty({ type: [PopulationGroupAnswer], description: 'by metric, team and priority' })
  readonly groups: readonly PopulationGroupAnswer[];
  @ApiProperty({ type: [PopulationClockAnswer], description: 'by the instant of their breach, then number' })
  readonly items: readonly PopulationClockAnswer[];
  @ApiProperty({ description: 'clocks in all pages together' }) readonly total: number;
  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' }) readonly nextCursor:
    string | null;
  @ApiProperty({ example: '81745', description: 'the answer is at least as new as this' }) readonly position: string;
}

const itemOf = ({ breachesAt, ...clock }: PopulationClock): PopulationClockAnswer => ({
  ...clock,
  breachesAt: breachesAt === null ? null : new Date(breachesAt).toISOString(),
});

@Controller('v1/service-levels')
export class PopulationController {
  constructor(
    private readonly engine: Engine,
    private readonly population: PopulationQuery,
    private readonly directory: DirectoryQuery,
  ) {}

  /** The clocks of all cases: how many stand how, and which they are. */
  @ReadRoute('', readers)
  @ApiOperation({
    operationId: 'getServiceLevelPopulation',
    summary: 'The clocks of all cases: how many stand how, and which they are.',
  })
  @ApiPopulationFilter()
  @ApiPage()
  @ApiAsOf()
  @ApiOkResponse({ type: PopulationAnswer })
  async page(
    @QueryOf(parameters) query: ValuesOf<typeof parameters>,
    @ReadPosition() position: string,
    @AsOfPoint() asOf: AsOf | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PopulationAnswer> {
    const filter = await populationFilterOf(this.directory, query);
    const context = JSON.stringify([this.engine.installation, 'population', filter, asOf?.cut]);
    const from = placeOf(query.cursor, context);
    const point = asOf ?? { now: this.engine.now().getTime() };
    const found = await this.population.page(filter, from, query.limit ?? pageRowsUsual, point);
    if (found.isStale) void reply.header('casefold-stale', 'true');
    const { groups, clocks, total, next } = found;
    const nextCursor = next ? writeCursor(next, context) : null;
    return { groups, items: clocks.map(itemOf), total, nextCursor, position };
  }
}
