import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsArray, IsInt, Max, Min } from 'class-validator';
import { Allow } from '../../platform/auth/auth.guard';
import { Instant, parseInstant } from '../../platform/http/instant';
import { MayBeAbsent } from '../../platform/http/may-be-absent';
import { mayBacktest } from '../permissions';
import { RoutingTrials } from './routing-trials.handler';

const differencesMax = 1_000;
export const differencesUsual = 100;
export const firstInstant = '1900-01-01T00:00:00.000Z';
export const lastInstant = '2400-01-01T00:00:00.000Z';

export class RoutingTrialBody {
  @ApiProperty({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    required: false,
    description: 'as in the configuration; left out: those in force',
  })
  @MayBeAbsent()
  @IsArray()
  readonly rules?: unknown[];

  /** Requests opened from then on. */
  @Instant({ optional: true }) readonly from?: string;

  /** Requests opened before then. */
  @Instant({ optional: true }) readonly to?: string;

  @ApiProperty({ required: false, minimum: 0, maximum: differencesMax, default: differencesUsual })
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(differencesMax)
  readonly differencesMax?: number;
}

const textOrNull = { type: String, nullable: true } as const;

export class RuleCountView {
  @ApiProperty({ example: 'printers' }) readonly rule: string;
  @ApiProperty({ format: 'uuid' }) readonly team: string;
  @ApiProperty() readonly requests: number;
  @ApiProperty({ description: 'how many of them came to that very team first' }) readonly sameTeam: number;
}

export class DifferenceView {
  @ApiProperty({ example: 'CSR-7K3-M9Q-XA4' }) readonly number: string;
  @ApiProperty() readonly rule: string;
  @ApiProperty({ example: 'category=printing' }) readonly matched: string;
  @ApiProperty({ format: 'uuid', description: 'by the rule' }) readonly team: string;
  @ApiProperty({ ...textOrNull, description: 'the first team that had it' }) readonly given: string | null;
}

export class RoutingTrialAnswer {
  @ApiProperty() readonly requests: number;
  @ApiProperty({ description: 'opened for a team: no rule is asked' }) readonly named: number;
  @ApiProperty({ description: 'no rule matches' }) readonly unmatched: number;
  @ApiProperty({ type: [RuleCountView], description: 'in the order of the rules' })
  readonly rules: readonly RuleCountView[];
  @ApiProperty({ description: 'come to another team than they did' }) readonly different: number;
  @ApiProperty({ type: [DifferenceView], description: 'the first of them' })
  readonly differences: readonly DifferenceView[];
}

/** Routing rules tried on the past. Nothing of it reaches the cases. */
@Controller('v1/routing')
@ApiTags('configuration')
export class RoutingTrialsController {
  constructor(private readonly trials: RoutingTrials) {}

  @Post('dry-run')
  @ApiOperation({
    operationId: 'tryRouting',
    summary: 'Tries routing rules on the requests of the past; changes nothing.',
  })
  @HttpCode(200)
  @Allow(...mayBacktest)
  @ApiOkResponse({ type: RoutingTrialAnswer })
  dryRun(@Body() { rules, from, to, differencesMax: max }: RoutingTrialBody): Promise<RoutingTrialAnswer> {
    return this.trials.run({
      rules: rules ?? null,
      from: (from && parseInstant(from)) ?? firstInstant,
      to: (to && parseInstant(to)) ?? lastInstant,
      differencesMax: max ?? differencesUsual,
    });
  }
}
