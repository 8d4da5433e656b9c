import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, IsObject, IsString, Matches, Max, Min, ValidateNested } from 'class-validator';
import { Instant } from '../../platform/http/instant';
import { MayBeAbsent } from '../../platform/http/may-be-absent';
import { DraftCalendarBody } from '../../service-levels/calendar-body.http';
import { DraftPolicyBody } from '../../service-levels/policy-body.http';

const idPattern = /^[a-z0-9][a-z0-9._-]{0,62}$/;
const calendarsMax = 50;
export const changesMax = 10_000;
export const changesUsual = 1_000;

export class TriedCalendarBody {
  @ApiProperty({ type: String, example: 'business-hours', description: 'the calendar that it stands in for' })
  @IsString()
  @Matches(idPattern, { message: 'must be the id of a calendar' })
  readonly id: string;

  @ApiProperty({ type: DraftCalendarBody })
  @IsObject()
  @ValidateNested()
  @Type(() => DraftCalendarBody)
  readonly calendar: DraftCalendarBody;
}

export class BacktestBody {
  @ApiProperty({ type: String, required: false, description: 'a policy of the book: its draft, or what is active' })
  @MayBeAbsent()
  @IsString()
  @Matches(idPattern, { message: 'must be the id of a policy' })
  readonly policyId?: string;

  @ApiProperty({ type: DraftPolicyBody, required: false, description: 'or one that is written out' })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => DraftPolicyBody)
  readonly policy?: DraftPolicyBody;

  @ApiProperty({ type: [TriedCalendarBody], required: false, default: [] })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(calendarsMax)
  @ValidateNested({ each: true })
  @Type(() => TriedCalendarBody)
  readonly calendars?: TriedCalendarBody[];

  /** Cases opened from then on; left out: from the first one. */
  @Instant({ optional: true }) readonly from?: string;

  /** Cases opened before then; left out: up to the last one. */
  @Instant({ optional: true }) readonly to?: string;

  @ApiProperty({ required: false, minimum: 0, description: 'up to which event of the log; left out: the newest' })
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  readonly sequence?: number;

  @ApiProperty({ required: false, minimum: 0, maximum: changesMax, default: changesUsual })
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(changesMax)
  readonly changesMax?: number;
}
