import { Controller } from '@nestjs/common';
import { ApiOkResponse, ApiProperty } from '@nestjs/swagger';
import { ServiceLevelBook } from '../../../service-levels/book.adapter';
import { PAUSES } from '../../../service-levels/policy';
import { RequestNumber } from '../../number.http';
import { Scope } from '../../permissions';
import { priorities } from '../../vocabulary';
import { ApiAsOf, AsOfPoint, asOfParameters } from '../as-of/as-of.http';
import { AsOf, AsOfQuery } from '../as-of/as-of.query';
import { CaseRows } from '../case-row.query';
import { CallerScope, QueryOf, ReadRoute } from '../read-route.http';
import { clocksAt, type ClockView, type IntervalView } from './clocks-at';
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
  @ApiProperty({ type: [IntervalAnswer] }) readonly intervals: readonly IntervalAnswer[];
}

export class ServiceLevelsAnswer {
  @ApiProperty({ example: 'CSR-7K3-M9Q-XA4' }) readonly number: string;
  @ApiProperty({ example: '3' }) readonly revision: string;
  @ApiProperty({ type: [ClockAnswer] }) readonly clocks: readonly ClockAnswer[];
}

@Controller('v1/requests')
export class ServiceLevelsController {
  constructor(
    private readonly cases: CaseRows,
    private readonly past: AsOfQuery,
    private readonly book: ServiceLevelBook,
  ) {}

  @ReadRoute(':number/service-levels', 'serviceLevels')
  @ApiAsOf()
  @ApiOkResponse({ type: ServiceLevelsAnswer })
  async clocks(
    @CallerScope() scope: Scope,
    @RequestNumber() number: string,
    @QueryOf(asOfParameters) _query: object,
    @AsOfPoint() asOf: AsOf | undefined,
  ): Promise<ServiceLevelsAnswer> {
    return this.book.knowing(async () => {
      const { revision, row } = asOf
        ? await this.past.find(scope, serviceLevelsProjection, number, asOf.cut)
        : await this.cases.find(scope, serviceLevelsProjection, number);
      const clocks = row.clocks ? clocksAt(row.clocks, asOf?.now ?? Date.now()) : [];
      return { number, revision: String(revision), clocks };
    });
  }
}
