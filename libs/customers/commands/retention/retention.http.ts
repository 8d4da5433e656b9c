import { Body, Controller, Req } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { FastifyRequest } from 'fastify';
import { Outcome } from '../../../eventing/command-runner';
import { CurrentCaller } from '../../../platform/auth/auth.guard';
import { Caller } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { CommandHeaders, contextOf } from '../../../platform/http/command-context';
import { commandHeaders } from '../../../platform/http/command-headers.http';
import { commandRoute } from '../../../platform/http/command-route.http';
import { Code } from '../../../platform/http/text';
import { RetentionEvent } from '../../events';
import { maySetRetention } from '../../permissions';
import { Retention, retentionDaysMax, retentionEvolution, retentionKey } from '../../retention';
import { setRetention, withdrawRetention } from './retention';

export class SetRetentionBody {
  /** Of the cases; left out, the rule is for all that have none of their own. */
  @Code({ optional: true }) readonly category?: string;

  @ApiProperty({ type: Number, minimum: 0, maximum: retentionDaysMax, description: 'after the last case has ended' })
  @IsInt()
  @Min(0)
  @Max(retentionDaysMax)
  readonly days: number;
}

export class WithdrawRetentionBody {
  @Code({ optional: true }) readonly category?: string;
}

export class RetentionCommand {
  constructor(
    readonly caller: Caller,
    readonly headers: CommandHeaders,
    readonly body: object,
    readonly decide: (state: Retention) => readonly RetentionEvent[],
  ) {}
}

const RetentionRoute = (verb: string): MethodDecorator =>
  commandRoute({ verb, roles: maySetRetention, revision: 'the revision of the rules, in quotes' });

@Controller('v1/retention')
@ApiTags('customers')
export class RetentionCommandsController {
  constructor(private readonly bus: CommandBus) {}

  @RetentionRoute('set')
  @ApiOperation({
    operationId: 'setRetention',
    summary: 'Says after how many days without a case customers are erased.',
  })
  set(
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
    @Body() body: SetRetentionBody,
  ): Promise<Outcome> {
    const { category = null, days } = body;
    return this.run(caller, request, { verb: 'set', ...body }, (state) => setRetention({ category, days }, state));
  }

  @RetentionRoute('withdraw')
  @ApiOperation({ operationId: 'withdrawRetention', summary: 'Takes such a rule away.' })
  withdraw(
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
    @Body() body: WithdrawRetentionBody,
  ): Promise<Outcome> {
    const { category = null } = body;
    return this.run(caller, request, { verb: 'withdraw', ...body }, (state) => withdrawRetention({ category }, state));
  }

  private run(
    caller: Caller,
    { headers }: FastifyRequest,
    body: object,
    decide: RetentionCommand['decide'],
  ): Promise<Outcome> {
    return this.bus.execute(new RetentionCommand(caller, commandHeaders(headers), body, decide));
  }
}

@CommandHandler(RetentionCommand)
export class RetentionHandler implements ICommandHandler<RetentionCommand, Outcome> {
  constructor(private readonly engine: Engine) {}

  execute({ caller, headers, body, decide }: RetentionCommand): Promise<Outcome> {
    return this.engine.runner.execute({
      ...{ evolution: retentionEvolution, key: retentionKey, expects: 'any' as const, body, decide },
      // The rules are nobody's: a retry is told from another command by the key of whoever gives it.
      owner: caller.id,
      context: contextOf({ caller, target: 'retention', headers, now: this.engine.now() }),
    });
  }
}
