import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsObject, Matches, MaxLength, ValidateBy, ValidateNested } from 'class-validator';
import { Channel, channels } from '../../channels/channels';
import { Email, Phone } from '../../platform/http/contact-details.http';
import { MayBeAbsent } from '../../platform/http/may-be-absent';
import { Code, Text } from '../../platform/http/text';
import { PartyBody } from '../exchange-body.http';
import { textLimits } from '../text-limits';
import { Impact, impacts, Urgency } from '../vocabulary';

const idCharactersMax = 998;
const referencesMax = 50;
const partiesMax = 50;
const headersMax = 60;
const headerName = /^[a-z0-9-]{1,60}$/;

const areHeaders = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).length <= headersMax &&
  Object.entries(value).every(
    ([name, text]) => headerName.test(name) && typeof text === 'string' && text.length <= idCharactersMax,
  );

export class SenderBody {
  @Text({ ...textLimits.name, optional: true })
  readonly name?: string;

  @Email() readonly email?: string;
  @Phone() readonly phone?: string;

  @Text({ ...textLimits.address, optional: true })
  readonly address?: string;
}

/** What a case is opened with when the message belongs to none. */
export class IntakeBody {
  @Code({ optional: true })
  readonly type?: string;

  @ApiProperty({ enum: impacts, required: false, default: 'medium' })
  @MayBeAbsent()
  @IsIn(impacts)
  readonly impact?: Impact;

  @ApiProperty({ enum: impacts, required: false, default: 'medium' })
  @MayBeAbsent()
  @IsIn(impacts)
  readonly urgency?: Urgency;

  @Text({ ...textLimits.handle, optional: true })
  readonly team?: string;
}

export class InboundBody {
  @ApiProperty({ maxLength: idCharactersMax, description: 'as its channel knows it; the same id is the same message' })
  @Matches(/^[\x21-\x7e]{1,998}$/, { message: 'must be 1 to 998 visible ASCII characters' })
  readonly messageId: string;

  @ApiProperty({ enum: channels })
  @IsIn(channels)
  readonly channel: Channel;

  @ApiProperty({ type: SenderBody })
  @IsObject()
  @ValidateNested()
  @Type(() => SenderBody)
  readonly from: SenderBody;

  @ApiProperty({ type: [PartyBody], required: false })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(partiesMax)
  @ValidateNested({ each: true })
  @Type(() => PartyBody)
  readonly to?: readonly PartyBody[];

  @Text({ ...textLimits.subject, optional: true })
  readonly subject?: string;

  @Text(textLimits.text)
  readonly text: string;

  @ApiProperty({ required: false, maxLength: idCharactersMax })
  @MayBeAbsent()
  @Matches(/^[\x20-\x7e]{1,998}$/, { message: 'must be the id of a message' })
  readonly inReplyTo?: string;

  @ApiProperty({ type: [String], required: false, description: 'oldest first' })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(referencesMax)
  @MaxLength(idCharactersMax, { each: true })
  readonly references?: readonly string[];

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'of an e-mail, names in lower case; they tell what a machine wrote',
  })
  @MayBeAbsent()
  @ValidateBy({
    name: 'headers',
    validator: { validate: areHeaders, defaultMessage: () => `must be at most ${headersMax} headers in lower case` },
  })
  readonly headers?: Readonly<Record<string, string>>;

  @ApiProperty({ type: IntakeBody, required: false })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => IntakeBody)
  readonly intake?: IntakeBody;
}
