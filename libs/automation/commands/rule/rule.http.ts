import { Body, Controller, HttpCode, Param, Post, Req, UseInterceptors } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { FastifyRequest } from 'fastify';
import { Outcome } from '../../../eventing/command-runner';
import { Rejection } from '../../../eventing/rejection';
import { Allow, CurrentCaller } from '../../../platform/auth/auth.guard';
import { Caller } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { CommandHeaders, contextOf } from '../../../platform/http/command-context';
import { commandHeaders } from '../../../platform/http/command-headers.http';
import { RequestOrders } from '../../../requests/orders.adapter';
import { calendarsAt } from '../../../service-levels/book';
import { ServiceLevelBook } from '../../../service-levels/book.adapter';
import { mayRule } from '../../permissions';
import { RuleBody } from '../../rule';
import { RuleAnswer, RuleAnswerInterceptor, ruleId } from '../../rule-answer.http';
import { ruleOf, SaveRuleBody } from '../../rule-body.http';
import { saveRule, switchRule } from '../../rules';
import { AutomationRules } from '../../rules.adapter';

export class NothingBody {}

interface Target {
  readonly id: string;
  readonly caller: Caller;
  readonly headers: CommandHeaders;
}

export class SaveRuleCommand {
  constructor(
    readonly target: Target,
    readonly body: SaveRuleBody,
  ) {}
}

export class SwitchRuleCommand {
  constructor(
    readonly target: Target,
    readonly isEnabled: boolean,
  ) {}
}

@Controller('v1/automation/rules/:id')
@UseInterceptors(RuleAnswerInterceptor)
@ApiTags('automation')
@ApiParam({ name: 'id', type: String, example: 'close-quiet' })
@ApiHeader({ name: 'Idempotency-Key', required: false })
@ApiHeader({ name: 'If-Match', required: false, description: 'the revision of all rules together, in quotes' })
export class RuleCommandsController {
  constructor(private readonly bus: CommandBus) {}

  @Post('save')
  @ApiOperation({ operationId: 'saveRule', summary: 'Says what a rule does from now on.' })
  @HttpCode(200)
  @Allow(...mayRule)
  @ApiOkResponse({ type: RuleAnswer })
  save(
    @Param('id', ruleId) id: string,
    @CurrentCaller() caller: Caller,
    @Req() { headers }: FastifyRequest,
    @Body() body: SaveRuleBody,
  ): Promise<Outcome> {
    return this.bus.execute(new SaveRuleCommand({ id, caller, headers: commandHeaders(headers) }, body));
  }

  @Post('enable')
  @ApiOperation({ operationId: 'enableRule', summary: 'Lets a rule act on what happens from now on.' })
  @HttpCode(200)
  @Allow(...mayRule)
  @ApiOkResponse({ type: RuleAnswer })
  enable(
    @Param('id', ruleId) id: string,
    @CurrentCaller() caller: Caller,
    @Req() { headers }: FastifyRequest,
    @Body() _body: NothingBody,
  ): Promise<Outcome> {
    return this.bus.execute(new SwitchRuleCommand({ id, caller, headers: commandHeaders(headers) }, true));
  }

  @Post('disable')
  @ApiOperation({ operationId: 'disableRule', summary: 'Lets a rule act no more.' })
  @HttpCode(200)
  @Allow(...mayRule)
  @ApiOkResponse({ type: RuleAnswer })
  disable(
    @Param('id', ruleId) id: string,
    @CurrentCaller() caller: Caller,
    @Req() { headers }: FastifyRequest,
    @Body() _body: NothingBody,
  ): Promise<Outcome> {
    return this.bus.execute(new SwitchRuleCommand({ id, caller, headers: commandHeaders(headers) }, false));
  }
}

@CommandHandler(SaveRuleCommand)
export class SaveRuleHandler implements ICommandHandler<SaveRuleCommand, Outcome> {
  constructor(
    private readonly engine: Engine,
    private readonly rules: AutomationRules,
    private readonly orders: RequestOrders,
    private readonly book: ServiceLevelBook,
  ) {}

  async execute({ target: { id, caller, headers }, body }: SaveRuleCommand): Promise<Outcome> {
    const now = this.engine.now();
    const rule = ruleOf(body, await this.orders.checked(body.then.verb, body.then.body, '/then/body'));
    await this.assertCalendar(rule, now);
    const context = contextOf({ caller, target: `automation save ${id}`, headers, now });
    return this.rules.change({ verb: 'save', id, ...body }, context, (rules) => saveRule({ id, ...rule }, rules));
  }

  private async assertCalendar({ when }: RuleBody, now: Date): Promise<void> {
    if (when.on !== 'quiet') return;
    const calendars = calendarsAt(await this.book.current(), now.getTime());
    if (calendars.some(({ id }) => id === when.calendar)) return;
    const detail = 'is no calendar that holds now';
    throw new Rejection('RULE_INVALID', detail, [{ pointer: '/when/calendar', code: 'UNKNOWN_CALENDAR', detail }]);
  }
}

@CommandHandler(SwitchRuleCommand)
export class SwitchRuleHandler implements ICommandHandler<SwitchRuleCommand, Outcome> {
  constructor(
    private readonly engine: Engine,
    private readonly rules: AutomationRules,
  ) {}

  async execute({ target: { id, caller, headers }, isEnabled }: SwitchRuleCommand): Promise<Outcome> {
    const verb = isEnabled ? 'enable' : 'disable';
    const context = contextOf({ caller, target: `automation ${verb} ${id}`, headers, now: this.engine.now() });
    return this.rules.change({ verb, id }, context, (rules) => switchRule({ id, isEnabled }, rules));
  }
}
