import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import { Outcome } from '../../../eventing/command-runner';
import { leads } from '../../../platform/auth/caller';
import { Instant, parseInstant } from '../../../platform/http/instant';
import { Code } from '../../../platform/http/text';
import { CustomerController, CustomerRoute, Target } from '../../command.http';
import { CustomerCommand, CustomerCommands, CustomerTarget } from '../../customer-commands.handler';
import { pastInstant } from '../../past-instant.http';
import { agreeContract, endContract } from './contract';

export class AgreeContractBody {
  /** Its number or name in the books of those who made it. */
  @Code() readonly reference: string;
  @Code() readonly level: string;
  @Instant() readonly from: string;
  /** Left out, it has no end. */
  @Instant({ optional: true }) readonly until?: string;
}

export class EndContractBody {
  @Code() readonly reference: string;
  /** When it ended, unless now. */
  @Instant({ optional: true }) readonly at?: string;
}

export class AgreeContractCommand extends CustomerCommand<AgreeContractBody> {}
export class EndContractCommand extends CustomerCommand<EndContractBody> {}

@CustomerController()
export class ContractController {
  constructor(private readonly bus: CommandBus) {}

  @CustomerRoute('agree-contract', leads)
  @ApiOperation({ operationId: 'agreeContract', summary: 'Records the contract that a customer is under.' })
  agree(@Target() target: CustomerTarget, @Body() body: AgreeContractBody): Promise<Outcome> {
    return this.bus.execute(new AgreeContractCommand(target, body));
  }

  @CustomerRoute('end-contract', leads)
  @ApiOperation({ operationId: 'endContract', summary: 'Ends that contract.' })
  end(@Target() target: CustomerTarget, @Body() body: EndContractBody): Promise<Outcome> {
    return this.bus.execute(new EndContractCommand(target, body));
  }
}

@CommandHandler(AgreeContractCommand)
export class AgreeContractHandler implements ICommandHandler<AgreeContractCommand, Outcome> {
  constructor(private readonly customers: CustomerCommands) {}

  execute({ target, body }: AgreeContractCommand): Promise<Outcome> {
    const { reference, level } = body;
    const from = parseInstant(body.from) ?? body.from;
    const until = body.until === undefined ? null : parseInstant(body.until);
    return this.customers.run(target, body, (state) => agreeContract({ reference, level, from, until }, state));
  }
}

@CommandHandler(EndContractCommand)
export class EndContractHandler implements ICommandHandler<EndContractCommand, Outcome> {
  constructor(private readonly customers: CustomerCommands) {}

  execute({ target, body }: EndContractCommand): Promise<Outcome> {
    const { reference, at } = body;
    return this.customers.run(target, body, (state, now) =>
      endContract({ reference, at: pastInstant(at, now) }, state),
    );
  }
}
