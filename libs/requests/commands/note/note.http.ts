import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import { Text } from '../../../platform/http/text';
import { textLimits } from '../../text-limits';
import { Outcome } from '../../../eventing/command-runner';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { ExchangeBody, exchangeOf } from '../../exchange-body.http';
import { mayOrder } from '../../order-verbs';
import { CommandTarget, RequestCommand, RequestCommands } from '../../request-commands.handler';
import { note } from './note';

export class NoteBody extends ExchangeBody {
  @Text(textLimits.text)
  readonly text: string;
}

export class NoteCommand extends RequestCommand<NoteBody> {}

@RequestController()
export class NoteController {
  constructor(private readonly bus: CommandBus) {}

  @RequestRoute('note', mayOrder.note)
  @ApiOperation({ operationId: 'noteOnRequest', summary: 'Writes something down for the staff alone.' })
  note(@Target() target: CommandTarget, @Body() body: NoteBody): Promise<Outcome> {
    return this.bus.execute(new NoteCommand(target, body));
  }
}

@CommandHandler(NoteCommand)
export class NoteHandler implements ICommandHandler<NoteCommand, Outcome> {
  constructor(private readonly requests: RequestCommands) {}

  execute({ target, body }: NoteCommand): Promise<Outcome> {
    const exchange = exchangeOf(body);
    return this.requests.run(target, body, (state) => note({ text: body.text, exchange }, state));
  }
}
