import { randomBytes } from 'node:crypto';
import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsObject, ValidateNested } from 'class-validator';
import { Outcome } from '../../../eventing/command-runner';
import { Engine } from '../../../platform/engine/engine';
import { MayBeAbsent } from '../../../platform/http/may-be-absent';
import { unprocessable } from '../../../platform/http/problem';
import { Code, Text } from '../../../platform/http/text';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { ExchangeBody, exchangeOf, staffOnly } from '../../exchange-body.http';
import { Exchange } from '../../events';
import { MessageIds } from '../../message-ids';
import { CommandTarget, RequestCommand, RequestCommands } from '../../request-commands.handler';
import { textLimits } from '../../text-limits';
import { respond, RespondToRequest } from './respond';

const nonceBytes = 8;

export class ResolvingBody {
  @Code()
  readonly code: string;

  /** Left out: what is said to the customer. */
  @Text({ ...textLimits.text, optional: true })
  readonly resolution?: string;
}

export class RespondBody extends ExchangeBody {
  @Text(textLimits.text)
  readonly text: string;

  @ApiProperty({ type: ResolvingBody, required: false, description: 'resolves the request in the same append' })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => ResolvingBody)
  readonly resolve?: ResolvingBody;
}

/** @throws Problem VALIDATION_FAILED */
const assertCustomers = (body: RespondBody): void => {
  const wrong = [...staffOnly, 'resolve' as const].filter((name) => body[name] !== undefined);
  if (wrong.length)
    throw unprocessable(
      wrong.map((name) => ({ pointer: `/${name}`, code: 'STAFF_ONLY', detail: 'is for the staff to say' })),
    );
};

export class RespondCommand extends RequestCommand<RespondBody> {}

@RequestController()
export class RespondController {
  constructor(private readonly bus: CommandBus) {}

  @RequestRoute('respond')
  respond(@Target('respond') target: CommandTarget, @Body() body: RespondBody): Promise<Outcome> {
    return this.bus.execute(new RespondCommand(target, body));
  }
}

@CommandHandler(RespondCommand)
export class RespondHandler implements ICommandHandler<RespondCommand, Outcome> {
  private readonly ids: MessageIds;

  constructor(
    private readonly requests: RequestCommands,
    { numberKey, installation }: Engine,
  ) {
    this.ids = new MessageIds(numberKey, installation);
  }

  execute({ target, body }: RespondCommand): Promise<Outcome> {
    const isCustomer = target.caller.role === 'customer';
    if (isCustomer) assertCustomers(body);
    const { text, resolve } = body;
    const command: RespondToRequest = {
      text,
      by: isCustomer || body.direction === 'in' ? 'customer' : 'staff',
      writtenBy: isCustomer ? 'customer' : 'staff',
      exchange: this.toSend(target.number, exchangeOf(body)),
      resolve: resolve && { code: resolve.code, resolution: resolve.resolution ?? text },
    };
    return this.requests.run(target, body, (state, standing) => respond(command, state, standing));
  }

  /** An e-mail gets the id under which it will be sent, so that its answer finds the case. */
  private toSend(number: string, exchange: Exchange | undefined): Exchange | undefined {
    if (exchange?.channel !== 'email' || exchange.direction === 'in') return exchange;
    const messageId = this.ids.ofOurs(number, randomBytes(nonceBytes).toString('hex'));
    return { ...exchange, direction: 'out', messageId };
  }
}
