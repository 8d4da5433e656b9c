import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { FastifyReply } from 'fastify';
import { Allow, CurrentCaller } from '../../platform/auth/auth.guard';
import { Caller } from '../../platform/auth/caller';
import { mayReceive } from '../permissions';
import { Filed } from './filing.handler';
import { InboundBody } from './inbound-body.http';
import { Inbound } from './inbound.handler';

const results = ['filed', 'opened', 'followed-up', 'set-aside'] as const;
type Result = (typeof results)[number];

const textOrNull = { type: String, nullable: true } as const;

/** What became of a message. */
export class InboundAnswer {
  @ApiProperty({ enum: results }) readonly result: Result;
  @ApiProperty({ ...textOrNull, description: 'of the request that has it' }) readonly number: string | null;
  @ApiProperty({ description: 'it came from somebody who is not the customer' }) readonly thirdParty: boolean;
  @ApiProperty({ ...textOrNull, description: 'why it was set aside' }) readonly reason: string | null;
  @ApiProperty({ ...textOrNull, description: 'a request whose number a stranger named, or that it follows up' })
  readonly related: string | null;
  @ApiProperty({ example: '3', description: 'revision of the request, or of the message that was set aside' })
  readonly revision: string;
  @ApiProperty({ example: '81745', description: 'to wait on with ?after=' }) readonly position: string;
}

export class ReceiveCommand {
  constructor(
    readonly caller: Caller,
    readonly body: InboundBody,
  ) {}
}

const resultOf = ({ route }: Filed): Result => {
  if (route.to === 'nobody') return 'set-aside';
  if (route.to === 'case') return 'filed';
  return route.followUpOf === null ? 'opened' : 'followed-up';
};

const answer = (filed: Filed): InboundAnswer => {
  const { route, number, outcome } = filed;
  return {
    result: resultOf(filed),
    number,
    thirdParty: route.to === 'case' && route.as === 'third-party',
    reason: route.to === 'nobody' ? route.sign : null,
    related: route.to === 'new-case' ? (route.followUpOf ?? route.related) : null,
    revision: String(outcome.revision),
    position: String(outcome.position > 0n ? outcome.position : 0n),
  };
};

@Controller('v1/inbound')
@ApiTags('requests')
export class InboundController {
  constructor(private readonly bus: CommandBus) {}

  @Post()
  @ApiOperation({ operationId: 'receiveMessage', summary: 'Takes in a message from any channel, once.' })
  @HttpCode(200)
  @Allow(...mayReceive)
  @ApiOkResponse({ type: InboundAnswer })
  async receive(
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: InboundBody,
  ): Promise<InboundAnswer> {
    const filed = await this.bus.execute<ReceiveCommand, Filed>(new ReceiveCommand(caller, body));
    if (filed.outcome.replayed) void reply.header('idempotency-replayed', 'true');
    return answer(filed);
  }
}

@CommandHandler(ReceiveCommand)
export class ReceiveHandler implements ICommandHandler<ReceiveCommand, Filed> {
  constructor(private readonly inbound: Inbound) {}

  execute({ caller, body }: ReceiveCommand): Promise<Filed> {
    return this.inbound.receive(caller, body);
  }
}
