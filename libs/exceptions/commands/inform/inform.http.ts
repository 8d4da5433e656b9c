import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { Channel, channels } from '../../../channels/channels';
import { Outcome } from '../../../eventing/command-runner';
import { Text } from '../../../platform/http/text';
import { ExceptionController, ExceptionRoute, Target } from '../../command.http';
import { ExceptionCommand, ExceptionCommands, ExceptionTarget } from '../../exception-commands.handler';
import { exceptionTexts } from '../../text-limits';
import { inform } from './inform';

export class InformBody {
  @ApiProperty({ enum: channels })
  @IsIn(channels)
  readonly channel: Channel;

  @Text(exceptionTexts.text)
  readonly text: string;
}

export class InformCommand extends ExceptionCommand<InformBody> {}

@ExceptionController()
export class InformController {
  constructor(private readonly bus: CommandBus) {}

  @ExceptionRoute('inform')
  inform(@Target('inform') target: ExceptionTarget, @Body() body: InformBody): Promise<Outcome> {
    return this.bus.execute(new InformCommand(target, body));
  }
}

@CommandHandler(InformCommand)
export class InformHandler implements ICommandHandler<InformCommand, Outcome> {
  constructor(private readonly exceptions: ExceptionCommands) {}

  execute({ target, body: { channel, text } }: InformCommand): Promise<Outcome> {
    return this.exceptions.run(target, { channel, text }, (state) => inform({ channel, text }, state));
  }
}
