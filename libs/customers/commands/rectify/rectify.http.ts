import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsObject, Matches, ValidateNested } from 'class-validator';
import { Outcome } from '../../../eventing/command-runner';
import { staff } from '../../../platform/auth/caller';
import { Instant } from '../../../platform/http/instant';
import { MayBeAbsent } from '../../../platform/http/may-be-absent';
import { Code, Text } from '../../../platform/http/text';
import { CustomerController, CustomerRoute, Target } from '../../command.http';
import { CustomerCommand, CustomerCommands, CustomerTarget } from '../../customer-commands.handler';
import { pastInstant } from '../../past-instant.http';
import { ConsentStatus, consentStatuses, customerTextLimits, LawfulBasis, lawfulBases } from '../../vocabulary';
import { rectify } from './rectify';

export class RightContactPointBody {
  @ApiProperty({ example: 'email' })
  @Matches(/^[a-z0-9-]{1,40}$/, { message: 'must be the id of a contact point' })
  readonly id: string;

  @Text(customerTextLimits.address) readonly address: string;
}

export class RightConsentBody {
  @Code() readonly purpose: string;

  @ApiProperty({ enum: consentStatuses })
  @IsIn(consentStatuses)
  readonly status: ConsentStatus;

  @ApiProperty({ enum: lawfulBases })
  @IsIn(lawfulBases)
  readonly basis: LawfulBasis;

  @Instant() readonly since: string;
}

export class RectifyBody {
  @Text(customerTextLimits.reason) readonly reason: string;

  @Text({ ...customerTextLimits.name, optional: true }) readonly name?: string;

  @ApiProperty({ type: RightContactPointBody, required: false })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => RightContactPointBody)
  readonly contactPoint?: RightContactPointBody;

  @ApiProperty({ type: RightConsentBody, required: false })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => RightConsentBody)
  readonly consent?: RightConsentBody;
}

export class RectifyCommand extends CustomerCommand<RectifyBody> {}

@CustomerController()
export class RectifyController {
  constructor(private readonly bus: CommandBus) {}

  @CustomerRoute('rectify', staff)
  @ApiOperation({ operationId: 'rectifyCustomer', summary: 'Puts right what was recorded wrongly about somebody.' })
  rectify(@Target() target: CustomerTarget, @Body() body: RectifyBody): Promise<Outcome> {
    return this.bus.execute(new RectifyCommand(target, body));
  }
}

@CommandHandler(RectifyCommand)
export class RectifyHandler implements ICommandHandler<RectifyCommand, Outcome> {
  constructor(private readonly customers: CustomerCommands) {}

  execute({ target, body }: RectifyCommand): Promise<Outcome> {
    const { reason, name, contactPoint, consent } = body;
    return this.customers.run(target, body, (state, now) => {
      const since = pastInstant(consent?.since, now);
      const right = consent && since !== undefined ? { ...consent, since } : undefined;
      return rectify({ reason, name, contactPoint, consent: right }, state);
    });
  }
}
