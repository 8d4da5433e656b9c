import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsInt, Max, Min } from 'class-validator';
import { MayBeAbsent } from '../../../platform/http/may-be-absent';
import { Code, Text } from '../../../platform/http/text';
import { textLimits } from '../../text-limits';
import { Impact, impacts, Urgency } from '../../vocabulary';

const revisionsMax = 100;
const revisionMax = 1_000_000;

export class SplitBody {
  @ApiProperty({ type: [Number], maxItems: revisionsMax, description: 'of the messages that make the new request' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(revisionsMax)
  @IsInt({ each: true })
  @Min(0, { each: true })
  @Max(revisionMax, { each: true })
  readonly revisions: number[];

  @Text(textLimits.subject)
  readonly subject: string;

  @Text({ ...textLimits.text, optional: true })
  readonly description?: string;

  @Code({ optional: true })
  readonly type?: string;

  @Code({ optional: true })
  readonly category?: string;

  @Code({ optional: true })
  readonly product?: string;

  @ApiProperty({ enum: impacts, required: false })
  @MayBeAbsent()
  @IsIn(impacts)
  readonly impact?: Impact;

  @ApiProperty({ enum: impacts, required: false })
  @MayBeAbsent()
  @IsIn(impacts)
  readonly urgency?: Urgency;

  @Text({ ...textLimits.handle, optional: true })
  readonly team?: string;
}
