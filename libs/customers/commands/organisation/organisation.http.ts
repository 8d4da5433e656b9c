import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';
import { Outcome } from '../../../eventing/command-runner';
import { staff } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { Code } from '../../../platform/http/text';
import { CustomerController, CustomerRoute, Target } from '../../command.http';
import { customerEvolution } from '../../customer';
import { CustomerCommand, CustomerCommands, CustomerTarget } from '../../customer-commands.handler';
import { assertOrganisation, joinOrganisation, leaveOrganisation } from './organisation';

export class JoinOrganisationBody {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  readonly organisation: string;

  /** What the person is there, such as buyer. */
  @Code({ optional: true }) readonly title?: string;
}

export class LeaveOrganisationBody {}

export class JoinOrganisationCommand extends CustomerCommand<JoinOrganisationBody> {}
export class LeaveOrganisationCommand extends CustomerCommand<LeaveOrganisationBody> {}

@CustomerController()
export class OrganisationController {
  constructor(private readonly bus: CommandBus) {}

  @CustomerRoute('join-organisation', staff)
  @ApiOperation({ operationId: 'joinOrganisation', summary: 'Makes a person one of an organisation’s people.' })
  join(@Target() target: CustomerTarget, @Body() body: JoinOrganisationBody): Promise<Outcome> {
    return this.bus.execute(new JoinOrganisationCommand(target, body));
  }

  @CustomerRoute('leave-organisation', staff)
  @ApiOperation({ operationId: 'leaveOrganisation', summary: 'Ends that membership.' })
  leave(@Target() target: CustomerTarget, @Body() body: LeaveOrganisationBody): Promise<Outcome> {
    return this.bus.execute(new LeaveOrganisationCommand(target, body));
  }
}

@CommandHandler(JoinOrganisationCommand)
export class JoinOrganisationHandler implements ICommandHandler<JoinOrganisationCommand, Outcome> {
  constructor(
    private readonly customers: CustomerCommands,
    private readonly engine: Engine,
  ) {}

  async execute({ target, body }: JoinOrganisationCommand): Promise<Outcome> {
    const organisation = body.organisation.toLowerCase();
    const { state: joined } = await this.engine.runner.load(customerEvolution(organisation), organisation);
    return this.customers.run(target, body, (state) => {
      assertOrganisation(joined);
      return joinOrganisation({ organisation, title: body.title ?? null }, state);
    });
  }
}

@CommandHandler(LeaveOrganisationCommand)
export class LeaveOrganisationHandler implements ICommandHandler<LeaveOrganisationCommand, Outcome> {
  constructor(private readonly customers: CustomerCommands) {}

  execute({ target, body }: LeaveOrganisationCommand): Promise<Outcome> {
    return this.customers.run(target, body, leaveOrganisation);
  }
}
