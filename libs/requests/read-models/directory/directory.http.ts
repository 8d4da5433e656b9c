import { Controller } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiQuery } from '@nestjs/swagger';
import { readers, Scope } from '../../../platform/auth/caller';
import { instant, shortText, wholeNumber } from '../../../platform/http/query-parameters';
import { Engine } from '../../../platform/engine/engine';
import { Presence, presences, strategies, Strategy, Weights } from '../../../teams/events';
import { distributionAt, rosterAt } from '../../../teams/roster';
import { CallerScope, QueryOf, ReadRoute, ValuesOf } from '../read-route.http';
import { DirectoryQuery } from './directory.query';

const itemsMax = 1_000;
const itemsUsual = 200;
const handleCharactersMax = 80;
const parameters = { limit: wholeNumber(1, itemsMax), behind: shortText(handleCharactersMax), at: instant };
const staffParameters = { ...parameters, team: shortText(handleCharactersMax) };

const textOrNull = { type: String, nullable: true } as const;

export class TeamView {
  @ApiProperty({ format: 'uuid' }) readonly id: string;
  @ApiProperty({ example: 'support' }) readonly handle: string;
  @ApiProperty() readonly name: string;
  @ApiProperty({ enum: strategies }) readonly strategy: Strategy;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'of a request, by its priority',
    example: { P1: 3 },
  })
  readonly weights: Weights;
  @ApiProperty({ description: 'it takes no more work' }) readonly retired: boolean;
}

export class TeamsAnswer {
  @ApiProperty({ type: [TeamView], description: 'by handle' }) readonly items: readonly TeamView[];
  @ApiProperty({ description: 'of all teams' }) readonly total: number;
}

export class StaffView {
  @ApiProperty({ format: 'uuid' }) readonly id: string;
  @ApiProperty({ example: 'alice' }) readonly handle: string;
  @ApiProperty({ ...textOrNull, description: 'handle' }) readonly team: string | null;
  @ApiProperty({ type: [String] }) readonly skills: readonly string[];
  @ApiProperty({ ...textOrNull, description: 'id of the calendar of their hours; null for at any time' })
  readonly calendar: string | null;
  @ApiProperty({ description: 'what their work may weigh together' }) readonly capacity: number;
  @ApiProperty({ enum: presences }) readonly presence: Presence;
  @ApiProperty({ description: 'they work here no more' }) readonly retired: boolean;
}

export class StaffAnswer {
  @ApiProperty({ type: [StaffView], description: 'by handle' }) readonly items: readonly StaffView[];
  @ApiProperty({ description: 'of all pages together' }) readonly total: number;
}

const ApiPage = (): MethodDecorator => (target, name, descriptor) => {
  ApiQuery({ name: 'limit', required: false, type: 'integer' })(target, name, descriptor);
  ApiQuery({ name: 'behind', required: false, description: 'the last handle of the page before' })(
    target,
    name,
    descriptor,
  );
  ApiQuery({ name: 'at', required: false, description: 'what holds at this instant; left out: now' })(
    target,
    name,
    descriptor,
  );
};

@Controller('v1/teams')
export class TeamsController {
  constructor(
    private readonly directory: DirectoryQuery,
    private readonly engine: Engine,
  ) {}

  @ReadRoute('', readers)
  @ApiOperation({ operationId: 'getTeams', summary: 'Which teams there are, and how their work finds somebody.' })
  @ApiPage()
  @ApiOkResponse({ type: TeamsAnswer })
  async all(
    @CallerScope() { personal }: Scope,
    @QueryOf(parameters) { limit = itemsUsual, behind, at }: ValuesOf<typeof parameters>,
  ): Promise<TeamsAnswer> {
    const { items, total } = await this.directory.teams(personal, behind, limit);
    const instantOf = at ?? this.engine.now().getTime();
    return {
      total,
      items: items.map(({ id, row: { handle, name, distributions, isRetired: retired } }) => {
        const { strategy, weights } = distributionAt(distributions, instantOf);
        return { id, handle, name, strategy, weights, retired };
      }),
    };
  }
}

@Controller('v1/staff')
export class StaffController {
  constructor(
    private readonly directory: DirectoryQuery,
    private readonly engine: Engine,
  ) {}

  @ReadRoute('', readers)
  @ApiOperation({
    operationId: 'getStaff',
    summary: 'Who works in which team, with which skills and hours, and who is there.',
  })
  @ApiPage()
  @ApiQuery({ name: 'team', required: false, description: 'handle or id: those who are in it, or are to be' })
  @ApiOkResponse({ type: StaffAnswer })
  async all(
    @QueryOf(staffParameters) { limit = itemsUsual, behind, at, team }: ValuesOf<typeof staffParameters>,
  ): Promise<StaffAnswer> {
    const teamId = team === undefined ? undefined : await this.directory.teamId(team);
    const { items, total } = await this.directory.members(teamId, behind, limit);
    const rosters = items.map(({ row }) => rosterAt(row, at ?? this.engine.now().getTime()));
    const handles = await this.directory.teamHandles(rosters.flatMap((roster) => roster.team ?? []));
    return {
      total,
      items: items.map(({ id, row: { handle, presence, isRetired: retired } }, index) => {
        const { team: of = null, skills = [], calendar = null, capacity = 0 } = rosters[index] ?? {};
        return { id, handle, team: of && (handles.get(of) ?? of), skills, calendar, capacity, presence, retired };
      }),
    };
  }
}
