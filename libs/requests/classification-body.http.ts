import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsObject, ValidateBy } from 'class-validator';
import { MayBeAbsent } from '../platform/http/may-be-absent';
import { Code } from '../platform/http/text';
import { Impact, impacts, Urgency } from './vocabulary';

const fieldsMax = 100;

/** Custom fields of the type by id; what they may say stands in the configuration. */
export const Fields = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ type: 'object', additionalProperties: true, example: { language: 'de' } }),
    MayBeAbsent(),
    IsObject(),
    ValidateBy({
      name: 'fields',
      validator: {
        validate: (value) => Object.keys(Object(value)).length <= fieldsMax,
        defaultMessage: () => `must be at most ${fieldsMax} fields`,
      },
    }),
  );

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
