import { Body, Controller, Req, Res } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { FastifyReply, FastifyRequest } from 'fastify';
import { v5 as uuidv5 } from 'uuid';
import { Outcome } from '../../../eventing/command-runner';
import { keyOf } from '../../../eventing/event';
import { Rejection } from '../../../eventing/rejection';
import { CurrentCaller } from '../../../platform/auth/auth.guard';
import { Caller, staff } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { openingRoute } from '../../../platform/http/command-route.http';
import { CommandHeaders, contextOf } from '../../../platform/http/command-context';
import { commandHeaders } from '../../../platform/http/command-headers.http';
import { Email, Phone } from '../../../platform/http/contact-details.http';
import { MayBeAbsent } from '../../../platform/http/may-be-absent';
import { Text } from '../../../platform/http/text';
import { customerEvolution } from '../../customer';
import { LanguageTag } from '../../language-tag.http';
import { CustomerKind, customerKinds, customerTextLimits } from '../../vocabulary';
import { register } from './register';

export class RegisterBody {
  @ApiProperty({ enum: customerKinds, required: false, description: 'a person when it is left out' })
  @MayBeAbsent()
  @IsIn(customerKinds)
  readonly kind?: CustomerKind;

  @Text(customerTextLimits.name)
  readonly name: string;

  @Email() readonly email?: string;
  @Phone() readonly phone?: string;

  @LanguageTag() readonly language?: string;
}

export class RegisterCommand {
  constructor(
    readonly caller: Caller,
    readonly headers: CommandHeaders,
    readonly body: RegisterBody,
  ) {}
}

@Controller('v1/customers')
@ApiTags('customers')
export class RegisterController {
  constructor(private readonly bus: CommandBus) {}

  @openingRoute(staff)
  @ApiOperation({
    operationId: 'registerCustomer',
    summary: 'Makes somebody a customer who has not asked for anything yet.',
  })
  async register(
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: RegisterBody,
  ): Promise<Outcome> {
    const outcome = await this.bus.execute<RegisterCommand, Outcome>(
      new RegisterCommand(caller, commandHeaders(request.headers), body),
    );
    void reply.header('location', `/v1/customers/${keyOf(outcome.stream)}`);
    return outcome;
  }
}

@CommandHandler(RegisterCommand)
export class RegisterHandler implements ICommandHandler<RegisterCommand, Outcome> {
  constructor(private readonly engine: Engine) {}

  /** The id is made from the command, so that its retry finds the customer that it made. */
  execute({ caller, headers, body }: RegisterCommand): Promise<Outcome> {
    if (headers.ifMatch !== undefined)
      throw new Rejection('INVALID_IF_MATCH', 'a customer who is not registered yet has no revision');
    const context = contextOf({ caller, target: 'customers', headers, now: this.engine.now() });
    const id = uuidv5('customer', context.commandId);
    const { kind = 'person', name, email, phone, language = null } = body;
    return this.engine.runner.execute({
      ...{
        evolution: customerEvolution(id),
        key: id,
        expects: 'any' as const,
        body: { verb: 'register', ...body },
        context,
      },
      decide: (state) => register({ kind, name, email, phone, language }, state),
    });
  }
}
