import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { IsIn, Matches } from 'class-validator';
import { randomUUID } from 'node:crypto';
import { AddressedChannel, addressedChannels } from '../../../channels/channels';
import { Outcome } from '../../../eventing/command-runner';
import { staffAndCustomer } from '../../../platform/auth/caller';
import { Text } from '../../../platform/http/text';
import { KnownAddresses } from '../../known-addresses.handler';
import { CustomerController, CustomerRoute, Target } from '../../command.http';
import { CustomerCommand, CustomerCommands, CustomerTarget } from '../../customer-commands.handler';
import { customerTextLimits } from '../../vocabulary';
import { addContactPoint, preferContactPoint, removeContactPoint } from './contact-points';

export class AddContactPointBody {
  @ApiProperty({ enum: addressedChannels })
  @IsIn(addressedChannels)
  readonly channel: AddressedChannel;

  @Text(customerTextLimits.address)
  readonly address: string;
}

export class ContactPointBody {
  @ApiProperty({ example: 'email', description: 'id, as the record has it' })
  @Matches(/^[a-z0-9-]{1,40}$/, { message: 'must be the id of a contact point' })
  readonly contactPoint: string;
}

export class AddContactPointCommand extends CustomerCommand<AddContactPointBody> {}
export class RemoveContactPointCommand extends CustomerCommand<ContactPointBody> {}
export class PreferContactPointCommand extends CustomerCommand<ContactPointBody> {}

@CustomerController()
export class ContactPointsController {
  constructor(private readonly bus: CommandBus) {}

  @CustomerRoute('add-contact-point', staffAndCustomer)
  @ApiOperation({ operationId: 'addContactPoint', summary: 'Adds an address on which they can be reached.' })
  add(@Target() target: CustomerTarget, @Body() body: AddContactPointBody): Promise<Outcome> {
    return this.bus.execute(new AddContactPointCommand(target, body));
  }

  @CustomerRoute('remove-contact-point', staffAndCustomer)
  @ApiOperation({ operationId: 'removeContactPoint', summary: 'Takes an address away.' })
  remove(@Target() target: CustomerTarget, @Body() body: ContactPointBody): Promise<Outcome> {
    return this.bus.execute(new RemoveContactPointCommand(target, body));
  }

  @CustomerRoute('prefer-contact-point', staffAndCustomer)
  @ApiOperation({ operationId: 'preferContactPoint', summary: 'Says which address of a channel to use.' })
  prefer(@Target() target: CustomerTarget, @Body() body: ContactPointBody): Promise<Outcome> {
    return this.bus.execute(new PreferContactPointCommand(target, body));
  }
}

@CommandHandler(AddContactPointCommand)
export class AddContactPointHandler implements ICommandHandler<AddContactPointCommand, Outcome> {
  constructor(
    private readonly customers: CustomerCommands,
    private readonly addresses: KnownAddresses,
  ) {}

  async execute({ target, body }: AddContactPointCommand): Promise<Outcome> {
    const { channel, address } = body;
    const knownAs = await this.addresses.find(target.id, channel, address);
    // By chance: an id made from the address would say in the log for ever whose address it was.
    const command = { contactPoint: randomUUID(), channel, address, knownAs };
    return this.customers.run(target, body, (state) => addContactPoint(command, state));
  }
}

@CommandHandler(RemoveContactPointCommand)
export class RemoveContactPointHandler implements ICommandHandler<RemoveContactPointCommand, Outcome> {
  constructor(private readonly customers: CustomerCommands) {}

  execute({ target, body }: RemoveContactPointCommand): Promise<Outcome> {
    return this.customers.run(target, body, (state) => removeContactPoint(body, state));
  }
}

@CommandHandler(PreferContactPointCommand)
export class PreferContactPointHandler implements ICommandHandler<PreferContactPointCommand, Outcome> {
  constructor(private readonly customers: CustomerCommands) {}

  execute({ target, body }: PreferContactPointCommand): Promise<Outcome> {
    return this.customers.run(target, body, (state) => preferContactPoint(body, state));
  }
}
