import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { MayBeAbsent } from '../../../platform/http/may-be-absent';
import { Outcome } from '../../../eventing/command-runner';
import { leads } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { Revision } from '../../../platform/http/revision';
import { Text } from '../../../platform/http/text';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { CommandTarget, RequestCommand, RequestCommands } from '../../request-commands.handler';
import { textLimits } from '../../text-limits';
import { redact, textToRedact } from './redact';

export class RedactBody {
  @Revision()
  readonly revision: number;

  @ApiProperty({
    required: false,
    example: '/description',
    description: 'may be left out where the event holds one text',
  })
  @MayBeAbsent()
  @Matches(/^(\/[A-Za-z0-9]{1,40}){1,4}$/, { message: 'must be a JSON pointer into the data of the event' })
  readonly pointer?: string;

  @Text(textLimits.reason)
  readonly reason: string;
}

export class RedactCommand extends RequestCommand<RedactBody> {}

@RequestController()
export class RedactController {
  constructor(private readonly bus: CommandBus) {}

  @RequestRoute('redact', leads)
  @ApiOperation({ operationId: 'redactRequest', summary: 'Makes one text of an earlier event unreadable for ever.' })
  redact(@Target() target: CommandTarget, @Body() body: RedactBody): Promise<Outcome> {
    return this.bus.execute(new RedactCommand(target, body));
  }
}

@CommandHandler(RedactCommand)
export class RedactHandler implements ICommandHandler<RedactCommand, Outcome> {
  constructor(
    private readonly requests: RequestCommands,
    private readonly engine: Engine,
  ) {}

  /** The event first, then the key: a crash in between is finished by the process `complete-redaction`. */
  async execute({ target, body }: RedactCommand): Promise<Outcome> {
    const command = { revision: body.revision, pointer: body.pointer, reason: body.reason };
    const outcome = await this.requests.run(target, body, (state) => redact(command, state));
    const { valueKey } = textToRedact(command, await this.requests.load(target.number, target.caller));
    await this.engine.keys.destroyValue(valueKey);
    return outcome;
  }
}
