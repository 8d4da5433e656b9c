import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { Outcome } from '../../../eventing/command-runner';
import { leads } from '../../../platform/auth/caller';
import { Text } from '../../../platform/http/text';
import { CustomerController, CustomerRoute, Target } from '../../command.http';
import { CustomerCommand, CustomerCommands, CustomerTarget } from '../../customer-commands.handler';
import { RestrictionGround, restrictionGrounds } from '../../events';
import { customerTextLimits } from '../../vocabulary';
import { liftRestriction, restrictProcessing } from './restriction';

export class LiftRestrictionBody {
  @Text(customerTextLimits.reason) readonly reason: string;
}

export class RestrictProcessingBody extends LiftRestrictionBody {
  @ApiProperty({ enum: restrictionGrounds, description: 'Art. 18 (1) GDPR, from a to d' })
  @IsIn(restrictionGrounds)
  readonly ground: RestrictionGround;
}

export class RestrictProcessingCommand extends CustomerCommand<RestrictProcessingBody> {}
export class LiftRestrictionCommand extends CustomerCommand<LiftRestrictionBody> {}

@CustomerController()
export class RestrictionController {
  constructor(private readonly bus: CommandBus) {}

  @CustomerRoute('restrict-processing', leads)
  @ApiOperation({
    operationId: 'restrictProcessing',
    summary: 'Restricts what is done with their data to keeping it and to what they ask for.',
  })
  restrict(@Target() target: CustomerTarget, @Body() body: RestrictProcessingBody): Promise<Outcome> {
    return this.bus.execute(new RestrictProcessingCommand(target, body));
  }

  @CustomerRoute('lift-restriction', leads)
  @ApiOperation({ operationId: 'liftRestriction', summary: 'Takes that restriction back.' })
  lift(@Target() target: CustomerTarget, @Body() body: LiftRestrictionBody): Promise<Outcome> {
    return this.bus.execute(new LiftRestrictionCommand(target, body));
  }
}

@CommandHandler(RestrictProcessingCommand)
export class RestrictProcessingHandler implements ICommandHandler<RestrictProcessingCommand, Outcome> {
  constructor(private readonly customers: CustomerCommands) {}

  execute({ target, body }: RestrictProcessingCommand): Promise<Outcome> {
    return this.customers.run(target, body, (state) => restrictProcessing(body, state));
  }
}

@CommandHandler(LiftRestrictionCommand)
export class LiftRestrictionHandler implements ICommandHandler<LiftRestrictionCommand, Outcome> {
  constructor(private readonly customers: CustomerCommands) {}

  execute({ target, body }: LiftRestrictionCommand): Promise<Outcome> {
    return this.customers.run(target, body, (state) => liftRestriction(body, state));
  }
}
