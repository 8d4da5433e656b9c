import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { MayBeAbsent } from '../platform/http/may-be-absent';
import { Code } from '../platform/http/text';
import { Impact, impacts, Urgency } from './vocabulary';

/** What may be said anew about a case: by classifying it, or by correcting how it was classified. */
export abstract class ClassificationBody {
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
}
