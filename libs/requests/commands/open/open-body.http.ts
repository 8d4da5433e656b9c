import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsObject, IsUUID, ValidateNested } from 'class-validator';
import { Email, Phone } from '../../../platform/http/contact-details.http';
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

  @Email() readonly email?: string;
  @Phone() readonly phone?: string;
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
