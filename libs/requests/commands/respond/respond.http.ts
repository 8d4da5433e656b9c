import { randomBytes } from 'node:crypto';
import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsObject, Matches, Max, Min, ValidateBy, ValidateNested } from 'class-validator';
import { Outcome } from '../../../eventing/command-runner';
import { settled } from '../../../eventing/settled';
import { Engine } from '../../../platform/engine/engine';
import { MayBeAbsent } from '../../../platform/http/may-be-absent';
import { unprocessable } from '../../../platform/http/problem';
import { Code, Text } from '../../../platform/http/text';
import { Templates } from '../../../templates/templates.adapter';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { ExchangeBody, exchangeOf, staffOnly } from '../../exchange-body.http';
import { OpenedDrafts } from '../../drafts/drafts.handler';
import { Exchange } from '../../event-values';
import { MessageIds } from '../../../channels/message-ids';
import { mayOrder } from '../../order-verbs';
import { CommandTarget, RequestCommand, RequestCommands } from '../../request-commands.handler';
import { textLimits } from '../../text-limits';
import { respond, RespondToRequest } from './respond';

const nonceBytes = 8;
const valueCharactersMax = 2_000;
const revisionMax = 1_000_000;

export class ResolvingBody {
  @Code()
  readonly code: string;

  /** Left out: what is said to the customer. */
  @Text({ ...textLimits.text, optional: true })
  readonly resolution?: string;
}

const areValues = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every(
    (each) => typeof each === 'number' || (typeof each === 'string' && each.length <= valueCharactersMax),
  );

export class TemplateUseBody {
  @ApiProperty({ example: 'on-our-way' })
  @Matches(/^[a-z0-9][a-z0-9-]{0,39}$/, { message: 'must be the id of a template' })
  readonly id: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: { oneOf: [{ type: 'string' }, { type: 'number' }] } })
  @MayBeAbsent()
  @ValidateBy({
    name: 'values',
    validator: {
      validate: areValues,
      defaultMessage: () => `must be texts of up to ${valueCharactersMax} characters, or numbers`,
    },
  })
  readonly values?: Readonly<Record<string, string | number>>;
}

export class RespondBody extends ExchangeBody {
  /** One of these: the words, a template, or one's own draft. */
  @Text({ ...textLimits.text, optional: true })
  readonly text?: string;

  @ApiProperty({ type: TemplateUseBody, required: false })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => TemplateUseBody)
  readonly template?: TemplateUseBody;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    required: false,
    description: 'revision of one’s own draft, which it ends',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(revisionMax)
  readonly draft?: number;

  @ApiProperty({ type: ResolvingBody, required: false, description: 'resolves the request in the same append' })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => ResolvingBody)
  readonly resolve?: ResolvingBody;
}

const oneOfThem = unprocessable([
  { pointer: '/text', code: 'REQUIRED', detail: 'is required, or a template, or a draft, and no two of them' },
]);

/** @throws Problem VALIDATION_FAILED */
const assertCustomers = (body: RespondBody): void => {
  const wrong = [...staffOnly, ...(['resolve', 'template', 'draft'] as const)].filter(
    (name) => body[name] !== undefined,
  );
  if (wrong.length)
    throw unprocessable(
      wrong.map((name) => ({ pointer: `/${name}`, code: 'STAFF_ONLY', detail: 'is for the staff to say' })),
    );
};

export class RespondCommand extends RequestCommand<RespondBody> {}

@RequestController()
export class RespondController {
  constructor(private readonly bus: CommandBus) {}

  @RequestRoute('respond', mayOrder.respond)
  @ApiOperation({ operationId: 'respondToRequest', summary: 'Says something that customer and staff can read.' })
  respond(@Target() target: CommandTarget, @Body() body: RespondBody): Promise<Outcome> {
    return this.bus.execute(new RespondCommand(target, body));
  }
}

@CommandHandler(RespondCommand)
export class RespondHandler implements ICommandHandler<RespondCommand, Outcome> {
  private readonly ids: MessageIds;
  private readonly drafts: OpenedDrafts;

  constructor(
    private readonly requests: RequestCommands,
    private readonly templates: Templates,
    engine: Engine,
  ) {
    this.ids = new MessageIds(engine.numberKey, engine.installation);
    this.drafts = new OpenedDrafts(engine);
  }

  async execute({ target, body }: RespondCommand): Promise<Outcome> {
    const isCustomer = target.caller.role === 'customer';
    if (isCustomer) assertCustomers(body);
    const { resolve } = body;
    const exchange = this.toSend(target.number, exchangeOf(body));
    const words = await this.wordsOf(target, body);
    const command = (): RespondToRequest => ({
      ...words(),
      by: isCustomer || body.direction === 'in' ? 'customer' : 'staff',
      writtenBy: isCustomer ? 'customer' : 'staff',
      exchange,
      resolve: resolve && { code: resolve.code, resolution: resolve.resolution ?? words().text },
    });
    return this.requests.run(target, body, (state, standing) => respond(command(), state, standing));
  }

  /** A retry answers as the first time, also when its template was changed or its draft ended since: a refusal waits until it is known that this is none. */
  private async wordsOf(
    { number, caller }: CommandTarget,
    { text, template, draft }: RespondBody,
  ): Promise<() => Pick<RespondToRequest, 'text' | 'template' | 'draft'>> {
    if ([text, template, draft].filter((each) => each !== undefined).length !== 1) throw oneOfThem;
    const words = template === undefined ? undefined : this.templates.render(template.id, template.values ?? {});
    const written = draft === undefined ? undefined : this.drafts.toSend(number, caller.id, draft);
    return settled(Promise.resolve(words ?? written ?? { text: text ?? '' }));
  }

  /** An e-mail gets the id under which it will be sent, so that its answer finds the case. */
  private toSend(number: string, exchange: Exchange | undefined): Exchange | undefined {
    if (exchange?.channel !== 'email' || exchange.direction === 'in') return exchange;
    const messageId = this.ids.ofOurs(number, randomBytes(nonceBytes).toString('hex'));
    return { ...exchange, direction: 'out', messageId };
  }
}
