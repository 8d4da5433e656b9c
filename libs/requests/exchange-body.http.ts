import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayUnique, IsArray, IsIn, IsInt, IsObject, Max, Min, ValidateNested } from 'class-validator';
import { Channel, channels } from '../channels/channels';
import { MayBeAbsent } from '../platform/http/may-be-absent';
import { Text } from '../platform/http/text';
import { Exchange } from './event-values';
import { textLimits } from './text-limits';
import { Direction, directions } from './vocabulary';

const partiesMax = 50;
const attachmentsMax = 50;
const secondsMax = 24 * 60 * 60;
const revisionMax = 1_000_000;

export class PartyBody {
  @Text({ ...textLimits.name, optional: true })
  readonly name?: string;

  @Text({ ...textLimits.address, optional: true })
  readonly address?: string;
}

const Seconds = (): PropertyDecorator => (target, key) => {
  ApiProperty({ type: 'integer', minimum: 0, maximum: secondsMax, required: false })(target, key);
  MayBeAbsent()(target, key);
  IsInt()(target, key);
  Min(0)(target, key);
  Max(secondsMax)(target, key);
};

export class WorkedBody {
  @Seconds() readonly talkSeconds?: number;
  @Seconds() readonly holdSeconds?: number;
  @Seconds() readonly wrapUpSeconds?: number;
}

/** How the words came or went. Customers say of it only which of their files they mean. */
export class ExchangeBody {
  @ApiProperty({ enum: channels, required: false })
  @MayBeAbsent()
  @IsIn(channels)
  readonly channel?: Channel;

  @ApiProperty({
    enum: directions,
    required: false,
    description: 'in: the words are the customer’s, written down by staff',
  })
  @MayBeAbsent()
  @IsIn(directions)
  readonly direction?: Direction;

  @ApiProperty({ type: PartyBody, required: false })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => PartyBody)
  readonly from?: PartyBody;

  @ApiProperty({ type: [PartyBody], required: false })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(partiesMax)
  @ValidateNested({ each: true })
  @Type(() => PartyBody)
  readonly to?: readonly PartyBody[];

  @ApiProperty({ type: [Number], required: false, description: 'ids of files of this request' })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(attachmentsMax)
  @ArrayUnique()
  @IsInt({ each: true })
  @Min(0, { each: true })
  @Max(revisionMax, { each: true })
  readonly attachments?: readonly number[];

  @ApiProperty({ type: WorkedBody, required: false })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => WorkedBody)
  readonly worked?: WorkedBody;
}

/** What only the staff may say. */
export const staffOnly = [
  'channel',
  'direction',
  'from',
  'to',
  'worked',
] as const satisfies readonly (keyof ExchangeBody)[];

/** @returns undefined when nothing more was said than the words */
export const exchangeOf = ({
  channel,
  direction,
  from,
  to,
  attachments,
  worked,
}: ExchangeBody): Exchange | undefined => {
  if ([channel, direction, from, to, attachments, worked].every((each) => each === undefined)) return undefined;
  return {
    ...{ channel, direction, attachments },
    from: from && { name: from.name, address: from.address },
    to: to?.map(({ name, address }) => ({ name, address })),
    worked: worked && {
      talkSeconds: worked.talkSeconds ?? 0,
      holdSeconds: worked.holdSeconds ?? 0,
      wrapUpSeconds: worked.wrapUpSeconds ?? 0,
    },
  };
};
