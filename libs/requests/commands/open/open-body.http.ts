import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsEmail, IsIn, IsObject, IsUUID, Matches, ValidateNested } from 'class-validator';
import { MayBeAbsent } from '../../../platform/http/may-be-absent';
import { Code, Text } from '../../../platform/http/text';
import { Fields } from '../../classification-body.http';
import { textLimits } from '../../text-limits';
import { Impact, impacts, Urgency } from '../../vocabulary';

/** Somebody by id, or somebody described; who is described and known by e-mail is taken for the one that is known. */
export class CustomerBody {
  @ApiProperty({ required: false, format: 'uuid' })
  @MayBeAbsent()
  @IsUUID()
  readonly id?: string;

  @Text({ ...textLimits.name, optional: true })
  readonly name?: string;

  @ApiProperty({ required: false, format: 'email', maxLength: 254 })
  @MayBeAbsent()
  @IsEmail()
  readonly email?: string;

  @ApiProperty({ required: false, maxLength: 40 })
  @MayBeAbsent()
  @Matches(/^[+0-9(][0-9 ()./-]{2,39}$/, { message: 'must be a telephone number' })
  readonly phone?: string;
}

export class OpenBody {
  @Text(textLimits.subject)
  readonly subject: string;

  @Text(textLimits.text)
  readonly description: string;

  @Code()
  readonly type: string;

  @ApiProperty({ enum: impacts })
  @IsIn(impacts)
  readonly impact: Impact;

  @ApiProperty({ enum: impacts })
  @IsIn(impacts)
  readonly urgency: Urgency;

  @Code({ optional: true })
  readonly category?: string;

  @Code({ optional: true })
  readonly product?: string;

  @Fields()
  readonly fields?: Readonly<Record<string, unknown>>;

  @Text({ ...textLimits.handle, optional: true })
  readonly team?: string;

  @ApiProperty({ type: CustomerBody })
  @IsObject()
  @ValidateNested()
  @Type(() => CustomerBody)
  readonly customer: CustomerBody;
}
