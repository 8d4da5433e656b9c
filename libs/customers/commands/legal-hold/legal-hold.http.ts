import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import { Outcome } from '../../../eventing/command-runner';
import { leads } from '../../../platform/auth/caller';
import { Code, Text } from '../../../platform/http/text';
import { CustomerController, CustomerRoute, Target } from '../../command.http';
import { CustomerCommand, CustomerCommands, CustomerTarget } from '../../customer-commands.handler';
import { customerTextLimits } from '../../vocabulary';
import { placeLegalHold, releaseLegalHold } from './legal-hold';

export class PlaceLegalHoldBody {
  /** What it is for, such as the reference of a lawsuit. */
  @Code() readonly matter: string;
  @Text(customerTextLimits.reason) readonly reason: string;
}

export class ReleaseLegalHoldBody {
  @Code() readonly matter: string;
}

export class PlaceLegalHoldCommand extends CustomerCommand<PlaceLegalHoldBody> {}
export class ReleaseLegalHoldCommand extends CustomerCommand<ReleaseLegalHoldBody> {}

@CustomerController()
export class LegalHoldController {
  constructor(private readonly bus: CommandBus) {}

  @CustomerRoute('place-legal-hold', leads)
  @ApiOperation({ operationId: 'placeLegalHold', summary: 'Forbids to erase a customer while a matter lasts.' })
  place(@Target() target: CustomerTarget, @Body() body: PlaceLegalHoldBody): Promise<Outcome> {
    return this.bus.execute(new PlaceLegalHoldCommand(target, body));
  }

  @CustomerRoute('release-legal-hold', leads)
  @ApiOperation({ operationId: 'releaseLegalHold', summary: 'Says that the matter is over.' })
  release(@Target() target: CustomerTarget, @Body() body: ReleaseLegalHoldBody): Promise<Outcome> {
    return this.bus.execute(new ReleaseLegalHoldCommand(target, body));
  }
}

@CommandHandler(PlaceLegalHoldCommand)
export class PlaceLegalHoldHandler implements ICommandHandler<PlaceLegalHoldCommand, Outcome> {
  constructor(private readonly customers: CustomerCommands) {}

  execute({ target, body }: PlaceLegalHoldCommand): Promise<Outcome> {
    return this.customers.run(target, body, (state) => placeLegalHold(body, state));
  }
}

@CommandHandler(ReleaseLegalHoldCommand)
export class ReleaseLegalHoldHandler implements ICommandHandler<ReleaseLegalHoldCommand, Outcome> {
  constructor(private readonly customers: CustomerCommands) {}

  execute({ target, body }: ReleaseLegalHoldCommand): Promise<Outcome> {
    return this.customers.run(target, body, (state) => releaseLegalHold(body, state));
  }
}
