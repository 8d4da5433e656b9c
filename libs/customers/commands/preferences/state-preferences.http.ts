import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { AddressedChannel, addressedChannels } from '../../../channels/channels';
import { Outcome } from '../../../eventing/command-runner';
import { staffAndCustomer } from '../../../platform/auth/caller';
import { MayBeAbsent } from '../../../platform/http/may-be-absent';
import { CustomerController, CustomerRoute, Target } from '../../command.http';
import { CustomerCommand, CustomerCommands, CustomerTarget } from '../../customer-commands.handler';
import { LanguageTag } from '../../language-tag.http';
import { statePreferences } from './state-preferences';

/** What is left out is not preferred any more. */
export class PreferencesBody {
  @LanguageTag() readonly language?: string;

  @ApiProperty({ enum: addressedChannels, required: false })
  @MayBeAbsent()
  @IsIn(addressedChannels)
  readonly channel?: AddressedChannel;
}

export class StatePreferencesCommand extends CustomerCommand<PreferencesBody> {}

@CustomerController()
export class PreferencesController {
  constructor(private readonly bus: CommandBus) {}

  @CustomerRoute('state-preferences', staffAndCustomer)
  @ApiOperation({
    operationId: 'statePreferences',
    summary: 'Records in which language and on which channel to speak.',
  })
  state(@Target() target: CustomerTarget, @Body() body: PreferencesBody): Promise<Outcome> {
    return this.bus.execute(new StatePreferencesCommand(target, body));
  }
}

@CommandHandler(StatePreferencesCommand)
export class StatePreferencesHandler implements ICommandHandler<StatePreferencesCommand, Outcome> {
  constructor(private readonly customers: CustomerCommands) {}

  execute({ target, body }: StatePreferencesCommand): Promise<Outcome> {
    const { language = null, channel = null } = body;
    return this.customers.run(target, body, (state) => statePreferences({ language, channel }, state));
  }
}
