import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import { Outcome } from '../../../eventing/command-runner';
import { leads } from '../../../platform/auth/caller';
import { Code } from '../../../platform/http/text';
import { CustomerController, CustomerRoute, Target } from '../../command.http';
import { CustomerCommand, CustomerCommands, CustomerTarget } from '../../customer-commands.handler';
import { segmentCustomer } from './segment';

export class SegmentBody {
  /** Left out, it takes the segment away. */
  @Code({ optional: true }) readonly segment?: string;
}

export class SegmentCommand extends CustomerCommand<SegmentBody> {}

@CustomerController()
export class SegmentController {
  constructor(private readonly bus: CommandBus) {}

  @CustomerRoute('segment', leads)
  @ApiOperation({ operationId: 'segmentCustomer', summary: 'Says which kind of customer somebody is.' })
  segment(@Target() target: CustomerTarget, @Body() body: SegmentBody): Promise<Outcome> {
    return this.bus.execute(new SegmentCommand(target, body));
  }
}

@CommandHandler(SegmentCommand)
export class SegmentHandler implements ICommandHandler<SegmentCommand, Outcome> {
  constructor(private readonly customers: CustomerCommands) {}

  execute({ target, body }: SegmentCommand): Promise<Outcome> {
    return this.customers.run(target, body, (state) => segmentCustomer({ segment: body.segment ?? null }, state));
  }
}
