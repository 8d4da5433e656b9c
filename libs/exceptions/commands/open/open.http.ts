import { Body, Controller, Req, Res } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsArray, IsString, IsUUID } from 'class-validator';
import { FastifyReply, FastifyRequest } from 'fastify';
import { KnownCustomers } from '../../../customers/known-customers.adapter';
import { Outcome } from '../../../eventing/command-runner';
import { keyOf } from '../../../eventing/event';
import { settled } from '../../../eventing/settled';
import { Rejection } from '../../../eventing/rejection';
import { CurrentCaller } from '../../../platform/auth/auth.guard';
import { Caller, staff } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { underFreeNumber } from '../../../platform/engine/free-number';
import { openingRoute } from '../../../platform/http/command-route.http';
import { CommandHeaders, contextOf } from '../../../platform/http/command-context';
import { commandHeaders } from '../../../platform/http/command-headers.http';
import { Instant, parseInstant } from '../../../platform/http/instant';
import { MayBeAbsent } from '../../../platform/http/may-be-absent';
import { Code, Text } from '../../../platform/http/text';
import { KnownCases } from '../../../requests/known-cases.adapter';
import { Directory } from '../../../teams/directory.adapter';
import { ExceptionEvent } from '../../events';
import { ExceptionCase, exceptionEvolution } from '../../exception';
import { exceptionTexts } from '../../text-limits';
import { exceptionPrefix, requestsMax } from '../../vocabulary';
import { OpenException, openException } from './open';

export class OpenExceptionBody {
  @Code()
  readonly kind: string;

  /** What deviates from what was agreed. */
  @Text(exceptionTexts.text)
  readonly what: string;

  @Text(exceptionTexts.text)
  readonly why: string;

  @Code({ optional: true })
  readonly category?: string;

  @Code({ optional: true })
  readonly product?: string;

  /** Code of the cause, where it is known. */
  @Code({ optional: true })
  readonly cause?: string;

  @ApiProperty({ type: [String], required: false, maxItems: requestsMax, example: ['CSR-7K3-M9Q-XA4'] })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(requestsMax)
  @ArrayUnique()
  @IsString({ each: true })
  readonly requests?: readonly string[];

  /** Id; left out, it is the customer of the requests. */
  @ApiProperty({ required: false, format: 'uuid' })
  @MayBeAbsent()
  @IsUUID()
  readonly customer?: string;

  /** Handle or id; left out, it is whoever opens it. */
  @Text({ ...exceptionTexts.handle, optional: true })
  readonly owner?: string;

  @Instant({ optional: true })
  readonly dueAt?: string;

  /** Until when it is to hold. */
  @Instant({ optional: true })
  readonly until?: string;
}

export class OpenExceptionCommand {
  constructor(
    readonly caller: Caller,
    readonly headers: CommandHeaders,
    readonly body: OpenExceptionBody,
  ) {}
}

@Controller('v1/exceptions')
@ApiTags('exceptions')
export class OpenExceptionController {
  constructor(private readonly bus: CommandBus) {}

  @openingRoute(staff)
  @ApiOperation({ operationId: 'openException', summary: 'Asks for an exception and gives it its number.' })
  async open(
    @CurrentCaller() caller: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: OpenExceptionBody,
  ): Promise<Outcome> {
    const outcome = await this.bus.execute<OpenExceptionCommand, Outcome>(
      new OpenExceptionCommand(caller, commandHeaders(request.headers), body),
    );
    void reply.header('location', `/v1/exceptions/${keyOf(outcome.stream)}`);
    return outcome;
  }
}

const instantOrNull = (text: string | undefined): string | null => (text === undefined ? null : parseInstant(text));

@CommandHandler(OpenExceptionCommand)
export class OpenExceptionHandler implements ICommandHandler<OpenExceptionCommand, Outcome> {
  constructor(
    private readonly engine: Engine,
    private readonly directory: Directory,
    private readonly cases: KnownCases,
    private readonly customers: KnownCustomers,
  ) {}

  async execute({ caller, headers, body }: OpenExceptionCommand): Promise<Outcome> {
    if (headers.ifMatch !== undefined)
      throw new Rejection('INVALID_IF_MATCH', 'an exception that is not open yet has no revision');
    const now = this.engine.now();
    const context = contextOf({ caller, target: 'exceptions', headers, now });
    // A retry answers as the first time, also when whom it names is gone since: a refusal waits until it is known that this is none.
    const facts = await settled(this.factsOf(caller, body, now));
    return underFreeNumber(this.engine, exceptionPrefix, context.commandId, (number) =>
      this.engine.runner.execute<ExceptionCase, ExceptionEvent>({
        ...{ evolution: exceptionEvolution, key: number, expects: 'new', body: { verb: 'open', ...body }, context },
        decide: (state) => openException({ ...facts(), number }, state),
      }),
    );
  }

  private async factsOf(
    { id: by }: Caller,
    body: OpenExceptionBody,
    now: Date,
  ): Promise<Omit<OpenException, 'number'>> {
    const { kind, what, why, category = null, product = null, cause = null } = body;
    const [about, owner] = await Promise.all([
      this.about(body),
      body.owner === undefined ? by : this.directory.activeStaff(body.owner, '/owner'),
    ]);
    const [dueAt, until] = [instantOrNull(body.dueAt), instantOrNull(body.until)];
    return { kind, what, why, category, product, cause, ...about, by, owner, dueAt, until, now: now.toISOString() };
  }

  private async about({
    requests = [],
    customer,
  }: OpenExceptionBody): Promise<{ customer: string; requests: string[] }> {
    const [cases, named] = await Promise.all([
      Promise.all(requests.map((text, place) => this.cases.known(text, `/requests/${place}`))),
      customer === undefined ? undefined : this.customers.known(customer, '/customer'),
    ]);
    const whose = new Set([...(named === undefined ? [] : [named]), ...cases.map((each) => each.customer)]);
    const [only, another] = whose;
    if (only === undefined) throw wrong('CUSTOMER_REQUIRED', 'name a customer, or a request of theirs', '/customer');
    if (another !== undefined) throw wrong('CUSTOMERS_DIFFER', 'an exception is about one customer', '/requests');
    return { customer: only, requests: [...new Set(cases.map(({ number }) => number))] };
  }
}

const wrong = (code: string, detail: string, pointer: string): Rejection =>
  new Rejection(code, detail, [{ pointer, code, detail }]);
