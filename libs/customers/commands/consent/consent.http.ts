import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { Outcome } from '../../../eventing/command-runner';
import { staffAndCustomer } from '../../../platform/auth/caller';
import { Instant } from '../../../platform/http/instant';
import { Code } from '../../../platform/http/text';
import { CustomerController, CustomerRoute, Target } from '../../command.http';
import { CustomerCommand, CustomerCommands, CustomerTarget } from '../../customer-commands.handler';
import { pastInstant } from '../../past-instant.http';
import { LawfulBasis, lawfulBases } from '../../vocabulary';
import { giveConsent, withdrawConsent } from './consent';

export class GiveConsentBody {
  @Code() readonly purpose: string;

  @ApiProperty({ enum: lawfulBases })
  @IsIn(lawfulBases)
  readonly basis: LawfulBasis;

  /** When it was given, unless now. */
  @Instant({ optional: true }) readonly at?: string;
}

export class WithdrawConsentBody {
  @Code() readonly purpose: string;

  /** When it was withdrawn, unless now. */
  @Instant({ optional: true }) readonly at?: string;
}

export class GiveConsentCommand extends CustomerCommand<GiveConsentBody> {}
export class WithdrawConsentCommand extends CustomerCommand<WithdrawConsentBody> {}

@CustomerController()
export class ConsentController {
  constructor(private readonly bus: CommandBus) {}

  @CustomerRoute('give-consent', staffAndCustomer)
  @ApiOperation({ operationId: 'giveConsent', summary: 'Records that data may be processed for a purpose.' })
  give(@Target() target: CustomerTarget, @Body() body: GiveConsentBody): Promise<Outcome> {
    return this.bus.execute(new GiveConsentCommand(target, body));
  }

  @CustomerRoute('withdraw-consent', staffAndCustomer)
  @ApiOperation({ operationId: 'withdrawConsent', summary: 'Records that a consent was taken back.' })
  withdraw(@Target() target: CustomerTarget, @Body() body: WithdrawConsentBody): Promise<Outcome> {
    return this.bus.execute(new WithdrawConsentCommand(target, body));
  }
}

@CommandHandler(GiveConsentCommand)
export class GiveConsentHandler implements ICommandHandler<GiveConsentCommand, Outcome> {
  constructor(private readonly customers: CustomerCommands) {}

  execute({ target, body }: GiveConsentCommand): Promise<Outcome> {
    const { purpose, basis, at } = body;
    return this.customers.run(target, body, (state, now) =>
      giveConsent({ purpose, basis, at: pastInstant(at, now) }, state),
    );
  }
}

@CommandHandler(WithdrawConsentCommand)
export class WithdrawConsentHandler implements ICommandHandler<WithdrawConsentCommand, Outcome> {
  constructor(private readonly customers: CustomerCommands) {}

  execute({ target, body }: WithdrawConsentCommand): Promise<Outcome> {
    const { purpose, at } = body;
    return this.customers.run(target, body, (state, now) =>
      withdrawConsent({ purpose, at: pastInstant(at, now) }, state),
    );
  }
}
