import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';
import { Outcome } from '../../../eventing/command-runner';
import { leads } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { Code } from '../../../platform/http/text';
import { CustomerController, CustomerRoute, Target } from '../../command.http';
import { customerEvolution } from '../../customer';
import { CustomerCommand, CustomerTarget } from '../../customer-commands.handler';
import { mergeCustomers, unmergeCustomers } from '../../identity';
import { assertMergeable } from './mergeable';
import { Merging } from './merging.handler';

export class MergeCustomerBody {
  /** Whose record stands for both from now on. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  readonly into: string;

  @Code() readonly reason: string;
}

export class UnmergeCustomerBody {
  @Code() readonly reason: string;
}

export class MergeCommand extends CustomerCommand<MergeCustomerBody> {}
export class UnmergeCommand extends CustomerCommand<UnmergeCustomerBody> {}

@CustomerController()
export class MergeController {
  constructor(private readonly bus: CommandBus) {}

  @CustomerRoute('merge', leads)
  @ApiOperation({
    operationId: 'mergeCustomer',
    summary: 'Says that a customer is the same as another; can be taken back.',
  })
  merge(@Target() target: CustomerTarget, @Body() body: MergeCustomerBody): Promise<Outcome> {
    return this.bus.execute(new MergeCommand(target, body));
  }

  @CustomerRoute('unmerge', leads)
  @ApiOperation({ operationId: 'unmergeCustomer', summary: 'Takes a merge back: each is their own again.' })
  unmerge(@Target() target: CustomerTarget, @Body() body: UnmergeCustomerBody): Promise<Outcome> {
    return this.bus.execute(new UnmergeCommand(target, body));
  }
}

@CommandHandler(MergeCommand)
export class MergeHandler implements ICommandHandler<MergeCommand, Outcome> {
  constructor(
    private readonly engine: Engine,
    private readonly merging: Merging,
  ) {}

  async execute({ target, body }: MergeCommand): Promise<Outcome> {
    const survivor = body.into.toLowerCase();
    const { state: other } = await this.engine.runner.load(customerEvolution(survivor), survivor);
    return this.merging.run(target, { ...body, into: survivor }, (identity, own) => {
      assertMergeable(own, other);
      return mergeCustomers({ customer: target.id, survivor, reason: body.reason }, identity);
    });
  }
}

@CommandHandler(UnmergeCommand)
export class UnmergeHandler implements ICommandHandler<UnmergeCommand, Outcome> {
  constructor(private readonly merging: Merging) {}

  execute({ target, body }: UnmergeCommand): Promise<Outcome> {
    return this.merging.run(target, body, (identity) =>
      unmergeCustomers({ customer: target.id, reason: body.reason }, identity),
    );
  }
}
