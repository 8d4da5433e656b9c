import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiHeader, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsObject, IsString, IsUUID, ValidateNested } from 'class-validator';
import { FastifyReply, FastifyRequest } from 'fastify';
import { v5 as uuidv5 } from 'uuid';
import { Rejection } from '../../../eventing/rejection';
import { Allow, CurrentCaller } from '../../../platform/auth/auth.guard';
import { Caller } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { CommandHeaders, contextOf } from '../../../platform/http/command-context';
import { commandHeaders } from '../../../platform/http/command-headers.http';
import { MayBeAbsent } from '../../../platform/http/may-be-absent';
import { forbidden, unprocessable } from '../../../platform/http/problem';
import { Code, Text } from '../../../platform/http/text';
import { KnownCases } from '../../../requests/known-cases.adapter';
import { OrderVerb, orderVerbs } from '../../../requests/order-verbs';
import { RequestOrders } from '../../../requests/orders.adapter';
import { Directory } from '../../../teams/directory.adapter';
import { BulkAnswer, bulkAnswer } from '../../bulk-answer.http';
import { Bulk, bulkEvolution, itemsMax, startBulk } from '../../bulk';
import { BulkEvent, BulkFilter } from '../../events';
import { mayBulk } from '../../permissions';
import { Selection } from '../../selection.query';

const statuses = ['open', 'held', 'resolved', 'closed', 'cancelled'];
const priorities = ['P1', 'P2', 'P3', 'P4', 'P5'];
const handle = { charactersMax: 63, optional: true } as const;

export class BulkFilterBody {
  @ApiProperty({ type: [String], enum: statuses, required: false })
  @MayBeAbsent()
  @IsArray()
  @IsIn(statuses, { each: true })
  readonly status?: readonly string[];

  @ApiProperty({ type: [String], enum: priorities, required: false })
  @MayBeAbsent()
  @IsArray()
  @IsIn(priorities, { each: true })
  readonly priority?: readonly string[];

  /** Handle or id. */
  @Text(handle)
  readonly team?: string;

  /** Handle or id. */
  @Text(handle)
  readonly assignee?: string;

  @Code({ optional: true })
  readonly type?: string;

  @Code({ optional: true })
  readonly category?: string;

  @Code({ optional: true })
  readonly product?: string;

  @ApiProperty({ required: false, format: 'uuid' })
  @MayBeAbsent()
  @IsUUID()
  readonly customer?: string;
}

/** One order for many requests, which are named or chosen by a filter. */
export class StartBulkBody {
  @ApiProperty({ enum: orderVerbs })
  @IsIn(orderVerbs)
  readonly verb: OrderVerb;

  @ApiProperty({ type: Object, description: 'what the verb takes by itself' })
  @IsObject()
  readonly body: object;

  @ApiProperty({ type: [String], required: false, maxItems: itemsMax, example: ['CSR-7K3-M9Q-XA4'] })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(itemsMax)
  @IsString({ each: true })
  readonly numbers?: readonly string[];

  @ApiProperty({ type: BulkFilterBody, required: false })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => BulkFilterBody)
  readonly filter?: BulkFilterBody;
}

export class StartBulkCommand {
  constructor(
    readonly caller: Caller,
    readonly headers: CommandHeaders,
    readonly body: StartBulkBody,
  ) {}
}

@Controller('v1/bulk')
@ApiTags('bulk')
export class StartBulkController {
  constructor(private readonly bus: CommandBus) {}

  @Post()
  @ApiOperation({
    operationId: 'startBulk',
    summary: 'Gives one order for many requests, as a job with a result for each.',
  })
  @HttpCode(201)
  @Allow(...mayBulk)
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiCreatedResponse({ type: BulkAnswer })
  async start(
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: StartBulkBody,
  ): Promise<BulkAnswer> {
    const answer = await this.bus.execute<StartBulkCommand, BulkAnswer>(
      new StartBulkCommand(caller, commandHeaders(request.headers), body),
    );
    void reply.header('location', `/v1/bulk/${answer.id}`);
    return answer;
  }
}

interface Chosen {
  readonly numbers: readonly string[];
  readonly filter: BulkFilter | null;
}

@CommandHandler(StartBulkCommand)
export class StartBulkHandler implements ICommandHandler<StartBulkCommand, BulkAnswer> {
  constructor(
    private readonly engine: Engine,
    private readonly orders: RequestOrders,
    private readonly cases: KnownCases,
    private readonly directory: Directory,
    private readonly selection: Selection,
  ) {}

  async execute({ caller, headers, body }: StartBulkCommand): Promise<BulkAnswer> {
    if (!this.orders.mayOrder(caller.role, body.verb)) throw forbidden();
    const words = JSON.stringify(await this.orders.checked(body.verb, body.body, '/body'));
    const context = contextOf({ caller, target: 'bulk', headers, now: this.engine.now() });
    // A job's id comes from its command, so that a retry finds the job that it began, and what it chose then.
    const id = uuidv5('bulk', context.commandId);
    const { state } = await this.engine.runner.load(bulkEvolution, id);
    const chosen = state.status === 'none' ? await this.choose(body) : state;
    const { numbers, filter } = chosen;
    const { verb } = body;
    const outcome = await this.engine.runner.execute<Bulk, BulkEvent>({
      ...{ evolution: bulkEvolution, key: id, expects: 'any', body: { ...body }, context },
      decide: (before) => startBulk({ by: caller.id, role: caller.role, verb, words, numbers, filter }, before),
    });
    return bulkAnswer(id, outcome);
  }

  private async choose({ numbers, filter }: StartBulkBody): Promise<Chosen> {
    if ((numbers === undefined) === (filter === undefined))
      throw wrong('SELECTION_AMBIGUOUS', 'name the requests or give a filter, one of them', '/numbers');
    if (numbers) return { numbers: this.exact(numbers), filter: null };
    const { team, assignee, ...others } = { ...filter };
    const [teamId, staffId] = await Promise.all([
      team === undefined ? undefined : this.directory.knownTeam(team, '/filter/team'),
      assignee === undefined ? undefined : this.directory.knownStaff(assignee, '/filter/assignee'),
    ]);
    const wanted: BulkFilter = {
      ...others,
      ...(teamId === undefined ? {} : { team: teamId }),
      ...(staffId === undefined ? {} : { assignee: staffId }),
    };
    // Whoever leaves a filter empty by mistake would have given the order for everything there is.
    if (Object.values(wanted).every((value) => value === undefined))
      throw unprocessable([{ pointer: '/filter', code: 'REQUIRED', detail: 'must name at least one of its members' }]);
    return { numbers: await this.selection.numbers(wanted, itemsMax), filter: wanted };
  }

  private exact(numbers: readonly string[]): readonly string[] {
    const exact = numbers.map((text, place) => {
      const number = this.cases.exact(text);
      if (number === undefined) throw wrong('UNKNOWN_REQUEST', 'is not the number of a request', `/numbers/${place}`);
      return number;
    });
    return [...new Set(exact)];
  }
}

const wrong = (code: string, detail: string, pointer: string): Rejection =>
  new Rejection(code, detail, [{ pointer, code, detail }]);
