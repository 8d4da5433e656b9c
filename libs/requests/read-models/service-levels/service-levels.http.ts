import { Controller } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiQuery } from '@nestjs/swagger';
import { Projection } from '../../../eventing/projections/projection';
import { readersAndCustomer, Scope } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { oneOf } from '../../../platform/http/query-parameters';
import { ServiceLevelBook } from '../../../service-levels/book.adapter';
import { PAUSES } from '../../../service-levels/policy';
import { RequestEvent } from '../../events';
import { RequestNumber } from '../../number.http';
import { priorities } from '../../vocabulary';
import { ApiAsOf, AsOfPoint, asOfParameters } from '../as-of/as-of.http';
import { AsOf, AsOfQuery } from '../as-of/as-of.query';
import { accountabilityProjection } from '../accountability/accountability.projection';
import { CaseRow, CaseRows } from '../case-row.query';
import { CallerScope, QueryOf, ReadRoute, ValuesOf } from '../read-route.http';
import { clocksAt, type ClockView, type IntervalView, type WarningView } from './clocks-at';
import { EventNamesQuery } from './event-names.query';
import { explainCase } from './explanation';
import { explanationView, ExplanationView } from './explanation-view.http';
import { serviceLevelsProjection } from './service-levels.projection';

const instant = { type: String, format: 'date-time' } as const;
const instantOrNull = { ...instant, nullable: true } as const;

export class RevisionAnswer {
  @ApiProperty({ example: 'standard' }) readonly id: string;
  @ApiProperty({ example: 1 }) readonly revision: number;
}

export class IntervalAnswer implements IntervalView {
  @ApiProperty(instant) readonly from: string;
  @ApiProperty({ ...instantOrNull, description: 'null while it lasts' }) readonly to: string | null;
  @ApiProperty() readonly counted: boolean;
  @ApiProperty({ enum: ['running', 'held', 'ended', 'superseded'] }) readonly cause: IntervalView['cause'];
  @ApiProperty({ enum: PAUSES, nullable: true, description: 'what it stands still for' })
  readonly pausedBy: IntervalView['pausedBy'];
  @ApiProperty({ example: 'business-hours' }) readonly calendar: string;
  @ApiProperty({ description: 'revision of the event' }) readonly startedBy: string;
  @ApiProperty({ type: String, nullable: true, description: 'revision of the event' }) readonly endedBy: string | null;
}

export class WarningAnswer implements WarningView {
  @ApiProperty(instant) readonly at: string;
  @ApiProperty({ type: Number, nullable: true, description: 'part of the target in percent' })
  readonly share: number | null;
  @ApiProperty({ type: Number, nullable: true, description: 'counted seconds before the target' })
  readonly secondsBefore: number | null;
}

export class ClockAnswer implements ClockView {
  @ApiProperty({ type: String, example: 'first-response' }) readonly metric: ClockView['metric'];
  @ApiProperty({ description: '1, and one more each time that it began anew' }) readonly cycle: number;
  @ApiProperty({ enum: ['running', 'paused', 'met', 'missed', 'cancelled', 'breached'] })
  readonly status: ClockView['status'];
  @ApiProperty({ type: String, nullable: true, description: 'id of the team that had the case when it began' })
  readonly team: string | null;
  @ApiProperty({ enum: priorities }) readonly priority: ClockView['priority'];
  @ApiProperty({ type: RevisionAnswer }) readonly policy: RevisionAnswer;
  @ApiProperty({ type: RevisionAnswer }) readonly calendar: RevisionAnswer;
  @ApiProperty() readonly targetSeconds: number;
  @ApiProperty({ description: 'counted until now, or until it was fulfilled' }) readonly elapsedSeconds: number;
  @ApiProperty({ description: 'less than 0 once the target is exceeded' }) readonly remainingSeconds: number;
  @ApiProperty(instant) readonly startedAt: string;
  @ApiProperty({ ...instantOrNull, description: 'null while it is paused' }) readonly dueAt: string | null;
  @ApiProperty(instantOrNull) readonly breachesAt: string | null;
  @ApiProperty(instantOrNull) readonly fulfilledAt: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'staff-replied', description: 'what ended it' })
  readonly endedBy: ClockView['endedBy'];
  @ApiProperty({ description: 'exceeded already when its target was set' }) readonly bornBreached: boolean;
  @ApiProperty({ type: [WarningAnswer], description: 'of a clock that runs, as its policy wants them' })
  readonly warnings: readonly WarningAnswer[];
  @ApiProperty({ type: [IntervalAnswer] }) readonly intervals: readonly IntervalAnswer[];
}

export class ServiceLevelsAnswer {
  @ApiProperty({ example: 'CSR-7K3-M9Q-XA4' }) readonly number: string;
  @ApiProperty({ example: '3' }) readonly revision: string;
  @ApiProperty({ type: [ClockAnswer] }) readonly clocks: readonly ClockAnswer[];
  @ApiProperty({ type: [ExplanationView], required: false, description: 'with `explain=true`; one for each clock' })
  readonly explanations?: readonly ExplanationView[];
}

const parameters = { ...asOfParameters, explain: oneOf('true', 'false') };

@Controller('v1/requests')
export class ServiceLevelsController {
  constructor(
    private readonly cases: CaseRows,
    private readonly past: AsOfQuery,
    private readonly book: ServiceLevelBook,
    private readonly names: EventNamesQuery,
    private readonly engine: Engine,
  ) {}

  @ReadRoute(':number/service-levels', readersAndCustomer)
  @ApiOperation({ operationId: 'getServiceLevels', summary: 'What is promised for it, and how it stands.' })
  @ApiAsOf()
  @ApiQuery({ name: 'explain', required: false, enum: ['true', 'false'], description: 'with the reasons' })
  @ApiOkResponse({ type: ServiceLevelsAnswer })
  async clocks(
    @CallerScope() scope: Scope,
    @RequestNumber() number: string,
    @QueryOf(parameters) query: ValuesOf<typeof parameters>,
    @AsOfPoint() asOf: AsOf | undefined,
  ): Promise<ServiceLevelsAnswer> {
    const now = asOf?.now ?? this.engine.now().getTime();
    return this.book.knowing(async () => {
      const { revision, row } = await this.find(scope, serviceLevelsProjection, number, asOf);
      const answer = { number, revision: String(revision), clocks: row.clocks ? clocksAt(row.clocks, now) : [] };
      if (query.explain !== 'true') return answer;
      const { row: held } = await this.find(scope, accountabilityProjection, number, asOf);
      const explained = explainCase(row, held, await this.names.of(number), now);
      return { ...answer, explanations: explained.map(explanationView) };
    });
  }

  private find<Row extends object & { readonly customer: string }>(
    scope: Scope,
    projection: Projection<Row, RequestEvent>,
    number: string,
    asOf: AsOf | undefined,
  ): Promise<CaseRow<Row>> {
    return asOf ? this.past.find(scope, projection, number, asOf.cut) : this.cases.find(scope, projection, number);
  }
}
