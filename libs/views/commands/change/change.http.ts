import { Body, Controller, Param } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CommandRunner, Outcome } from '../../../eventing/command-runner';
import { streamOf } from '../../../eventing/event';
import { NotFound } from '../../../eventing/failures';
import { Engine } from '../../../platform/engine/engine';
import { contextOf } from '../../../platform/http/command-context';
import { Text } from '../../../platform/http/text';
import { Directory } from '../../../teams/directory.adapter';
import { viewCategory, ViewEvent, ViewFilter } from '../../events';
import { ViewLists } from '../../lists.query';
import { ViewReaders } from '../../readers.handler';
import { View, viewEvolution } from '../../view';
import { Filter, nameLimit, Target, teamLimit, viewId, ViewRoute, ViewTarget } from '../../view-command.http';
import { refineView, renameView, retireView, shareView, ViewRule } from './change';

export class RenameViewBody {
  @Text(nameLimit)
  readonly name: string;
}

export class RefineViewBody {
  @Filter()
  readonly filter: ViewFilter;
}

export class ShareViewBody {
  /** Handle or id of one's own team; left out: with nobody. */
  @Text({ ...teamLimit, optional: true })
  readonly team?: string;
}

export class RetireViewBody {}

type Change =
  | { readonly verb: 'rename'; readonly body: RenameViewBody }
  | { readonly verb: 'refine'; readonly body: RefineViewBody }
  | { readonly verb: 'share'; readonly body: ShareViewBody }
  | { readonly verb: 'retire'; readonly body: RetireViewBody };

export class ChangeViewCommand {
  constructor(
    readonly id: string,
    readonly target: ViewTarget,
    readonly change: Change,
  ) {}
}

@Controller('v1/views')
@ApiTags('views')
export class ChangeViewController {
  constructor(private readonly bus: CommandBus) {}

  @ViewRoute('rename')
  @ApiOperation({ operationId: 'renameView', summary: 'Gives a view another name.' })
  rename(
    @Param('id', viewId) id: string,
    @Target() target: ViewTarget,
    @Body() body: RenameViewBody,
  ): Promise<Outcome> {
    return this.bus.execute(new ChangeViewCommand(id, target, { verb: 'rename', body }));
  }

  @ViewRoute('refine')
  @ApiOperation({ operationId: 'refineView', summary: 'Lets a view show other cases of its list.' })
  refine(
    @Param('id', viewId) id: string,
    @Target() target: ViewTarget,
    @Body() body: RefineViewBody,
  ): Promise<Outcome> {
    return this.bus.execute(new ChangeViewCommand(id, target, { verb: 'refine', body }));
  }

  @ViewRoute('share')
  @ApiOperation({ operationId: 'shareView', summary: 'Shares a view with one’s team, or with nobody any more.' })
  share(@Param('id', viewId) id: string, @Target() target: ViewTarget, @Body() body: ShareViewBody): Promise<Outcome> {
    return this.bus.execute(new ChangeViewCommand(id, target, { verb: 'share', body }));
  }

  @ViewRoute('retire')
  @ApiOperation({ operationId: 'retireView', summary: 'Takes a view out of all lists of views.' })
  retire(
    @Param('id', viewId) id: string,
    @Target() target: ViewTarget,
    @Body() body: RetireViewBody,
  ): Promise<Outcome> {
    return this.bus.execute(new ChangeViewCommand(id, target, { verb: 'retire', body }));
  }
}

@CommandHandler(ChangeViewCommand)
export class ChangeViewHandler implements ICommandHandler<ChangeViewCommand, Outcome> {
  private readonly runner: CommandRunner;

  constructor(
    private readonly engine: Engine,
    private readonly directory: Directory,
    private readonly lists: ViewLists,
    private readonly readers: ViewReaders,
  ) {
    this.runner = engine.runner;
  }

  async execute({ id, target: { caller, headers }, change }: ChangeViewCommand): Promise<Outcome> {
    const key = id.toLowerCase();
    const [reader, rule] = await Promise.all([this.readers.of(caller), this.ruleOf(key, change)]);
    return this.runner.execute<View, ViewEvent>({
      ...{ evolution: viewEvolution, key, expects: 'existing' as const, body: { verb: change.verb, ...change.body } },
      context: contextOf({ caller, target: streamOf(viewCategory, key), headers, now: this.engine.now() }),
      decide: (state) => rule(state, reader),
    });
  }

  private async ruleOf(key: string, change: Change): Promise<ViewRule> {
    switch (change.verb) {
      case 'rename':
        return renameView(change.body.name);
      case 'refine':
        return refineView(await this.checked(key, change.body.filter));
      case 'share': {
        const { team } = change.body;
        return shareView(team === undefined ? null : await this.directory.knownTeam(team, '/team'));
      }
      case 'retire':
        return retireView;
    }
  }

  /** Which list it is of stays for ever. */
  private async checked(key: string, filter: ViewFilter): Promise<ViewFilter> {
    const { state } = await this.runner.load(viewEvolution, key);
    if (state.status === 'none') throw new NotFound();
    return this.lists.checked(state.list, filter);
  }
}
