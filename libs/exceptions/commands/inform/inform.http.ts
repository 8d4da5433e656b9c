import { randomBytes } from 'node:crypto';
import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { Channel, channels } from '../../../channels/channels';
import { MessageIds } from '../../../channels/message-ids';
import { Outcome } from '../../../eventing/command-runner';
import { staff } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { Text } from '../../../platform/http/text';
import { ExceptionController, ExceptionRoute, Target } from '../../command.http';
import { ExceptionCommand, ExceptionCommands, ExceptionTarget } from '../../exception-commands.handler';
import { exceptionTexts } from '../../text-limits';
import { existing, ExistingException } from '../../exception';
import { inform } from './inform';

const nonceBytes = 8;

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

  @ExceptionRoute('inform', staff)
  @ApiOperation({
    operationId: 'informCustomer',
    summary: 'Tells the customer something, or records how they were told.',
  })
  inform(@Target() target: ExceptionTarget, @Body() body: InformBody): Promise<Outcome> {
    return this.bus.execute(new InformCommand(target, body));
  }
}

@CommandHandler(InformCommand)
export class InformHandler implements ICommandHandler<InformCommand, Outcome> {
  private readonly ids: MessageIds;

  constructor(
    private readonly exceptions: ExceptionCommands,
    { numberKey, installation }: Engine,
  ) {
    this.ids = new MessageIds(numberKey, installation);
  }

  execute({ target, body: { channel, text } }: InformCommand): Promise<Outcome> {
    return this.exceptions.run(target, { channel, text }, (state) =>
      inform({ channel, text, messageId: channel === 'email' ? this.idAbout(existing(state)) : undefined }, state),
    );
  }

  /** What the customer answers comes to the request that it is about. */
  private idAbout({ requests: [request], number }: ExistingException): string {
    return this.ids.ofOurs(request ?? number, randomBytes(nonceBytes).toString('hex'));
  }
}
