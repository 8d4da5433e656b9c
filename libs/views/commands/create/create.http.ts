import { Body, Controller, HttpCode, Post, Res, UseInterceptors } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiHeader, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { FastifyReply } from 'fastify';
import { v5 as uuidv5 } from 'uuid';
import { Outcome } from '../../../eventing/command-runner';
import { keyOf } from '../../../eventing/event';
import { Allow } from '../../../platform/auth/auth.guard';
import { Engine } from '../../../platform/engine/engine';
import { CommandAnswer, CommandAnswerInterceptor } from '../../../platform/http/command-answer.http';
import { contextOf } from '../../../platform/http/command-context';
import { Text } from '../../../platform/http/text';
import { Directory } from '../../../teams/directory.adapter';
import { ViewEvent, ViewFilter, ViewList, viewLists } from '../../events';
import { ViewLists } from '../../lists.query';
import { mayView } from '../../permissions';
import { ViewReaders } from '../../readers.handler';
import { View, viewEvolution } from '../../view';
import { Filter, nameLimit, Target, teamLimit, ViewTarget } from '../../view-command.http';
import { createView } from './create';

export class CreateViewBody {
  @Text(nameLimit)
  readonly name: string;

  @ApiProperty({ enum: viewLists })
  @IsIn(viewLists)
  readonly list: ViewList;

  @Filter()
  readonly filter: ViewFilter;

  /** Handle or id of one's own team, which it is shared with. */
  @Text({ ...teamLimit, optional: true })
  readonly team?: string;
}

export class CreateViewCommand {
  constructor(
    readonly target: ViewTarget,
    readonly body: CreateViewBody,
  ) {}
}

@Controller('v1/views')
@ApiTags('views')
export class CreateViewController {
  constructor(private readonly bus: CommandBus) {}

  @Post()
  @ApiOperation({ operationId: 'createView', summary: 'Saves a query of a list under a name.' })
  @HttpCode(201)
  @Allow(...mayView)
  @UseInterceptors(CommandAnswerInterceptor)
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiCreatedResponse({ type: CommandAnswer })
  async create(
    @Target() target: ViewTarget,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: CreateViewBody,
  ): Promise<Outcome> {
    const outcome = await this.bus.execute<CreateViewCommand, Outcome>(new CreateViewCommand(target, body));
    void reply.header('location', `/v1/views/${keyOf(outcome.stream)}`);
    return outcome;
  }
}

@CommandHandler(CreateViewCommand)
export class CreateViewHandler implements ICommandHandler<CreateViewCommand, Outcome> {
  constructor(
    private readonly engine: Engine,
    private readonly directory: Directory,
    private readonly lists: ViewLists,
    private readonly readers: ViewReaders,
  ) {}

  async execute({ target: { caller, headers }, body }: CreateViewCommand): Promise<Outcome> {
    const { name, list } = body;
    const [reader, filter, team] = await Promise.all([
      this.readers.of(caller),
      this.lists.checked(list, body.filter),
      body.team === undefined ? null : this.directory.knownTeam(body.team, '/team'),
    ]);
    const context = contextOf({ caller, target: 'views', headers, now: this.engine.now() });
    return this.engine.runner.execute<View, ViewEvent>({
      // The id comes from the command, so that a retry finds the view that it made.
      ...{ evolution: viewEvolution, key: uuidv5('view', context.commandId), expects: 'any' as const, context },
      body: { verb: 'create', ...body },
      decide: (state) => createView({ name, list, filter, team }, reader, state),
    });
  }
}
