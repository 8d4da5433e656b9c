import { ApiProperty } from '@nestjs/swagger';
import { awaited, Awaited, levels, Level, statuses, Status } from '../../vocabulary';
import { type AccountedSpan, type Accounts, type BallWith, ballsWith, totalsBy } from './accounts';

const instant = { type: String, format: 'date-time' } as const;
const textOrNull = { type: String, nullable: true } as const;

export class TeamSeconds {
  @ApiProperty(textOrNull) readonly team: string | null;
  @ApiProperty(textOrNull) readonly teamId: string | null;
  @ApiProperty() readonly seconds: number;
}

export class AssigneeSeconds {
  @ApiProperty(textOrNull) readonly assignee: string | null;
  @ApiProperty(textOrNull) readonly assigneeId: string | null;
  @ApiProperty() readonly seconds: number;
}

export class StageSeconds {
  @ApiProperty({ enum: statuses }) readonly stage: Status;
  @ApiProperty() readonly seconds: number;
}

export class BallSeconds {
  @ApiProperty({ enum: ballsWith }) readonly ballWith: BallWith;
  @ApiProperty() readonly seconds: number;
}

export class SpanView {
  @ApiProperty(instant) readonly from: string;
  @ApiProperty(instant) readonly to: string;
  @ApiProperty() readonly seconds: number;
  @ApiProperty({ enum: statuses }) readonly stage: Status;
  @ApiProperty(textOrNull) readonly team: string | null;
  @ApiProperty(textOrNull) readonly teamId: string | null;
  @ApiProperty(textOrNull) readonly assignee: string | null;
  @ApiProperty(textOrNull) readonly assigneeId: string | null;
  @ApiProperty({ enum: levels }) readonly level: Level;
  @ApiProperty({ ...textOrNull, enum: awaited }) readonly waitingFor: Awaited | null;
  @ApiProperty({ enum: ballsWith, description: 'whose move it was' }) readonly ballWith: BallWith;
  @ApiProperty({ description: 'revision of the event that began it' }) readonly startedBy: string;
}

/** Who answers for which part of a case's life. Spans and each list of totals add up to `lifetimeSeconds` exactly. */
export class AccountabilityView {
  @ApiProperty({ example: 'CSR-7K3-M9Q-XA4' }) readonly number: string;
  @ApiProperty({ example: '3' }) readonly revision: string;
  @ApiProperty(instant) readonly openedAt: string;
  @ApiProperty({ ...instant, description: 'the end, or now; in an imported log its last event' })
  readonly until: string;
  @ApiProperty({ description: 'closed or cancelled' }) readonly ended: boolean;
  @ApiProperty() readonly lifetimeSeconds: number;
  @ApiProperty({ type: [SpanView] }) readonly spans: readonly SpanView[];
  @ApiProperty({ type: [TeamSeconds] }) readonly byTeam: readonly TeamSeconds[];
  @ApiProperty({ type: [AssigneeSeconds] }) readonly byAssignee: readonly AssigneeSeconds[];
  @ApiProperty({ type: [StageSeconds] }) readonly byStage: readonly StageSeconds[];
  @ApiProperty({ type: [BallSeconds] }) readonly byBall: readonly BallSeconds[];
}

/** Handles by id. */
export interface Handles {
  readonly teams: ReadonlyMap<string, string>;
  readonly staff: ReadonlyMap<string, string>;
}

const iso = (at: number): string => new Date(at).toISOString();

const handleOf = (handles: ReadonlyMap<string, string>, id: string | null): string | null =>
  id === null ? null : (handles.get(id) ?? id);

const spanView = (span: AccountedSpan, { teams, staff }: Handles): SpanView => ({
  from: iso(span.from),
  to: iso(span.to),
  seconds: span.seconds,
  stage: span.stage,
  team: handleOf(teams, span.team),
  teamId: span.team,
  assignee: handleOf(staff, span.assignee),
  assigneeId: span.assignee,
  level: span.level,
  waitingFor: span.waitingFor,
  ballWith: span.ballWith,
  startedBy: String(span.startedBy),
});

export const accountabilityView = (
  { number, revision, openedAt }: { readonly number: string; readonly revision: number; readonly openedAt: number },
  { until, hasEnded, lifetimeSeconds, spans }: Accounts,
  handles: Handles,
): AccountabilityView => ({
  number,
  revision: String(revision),
  openedAt: iso(openedAt),
  until: iso(until),
  ended: hasEnded,
  lifetimeSeconds,
  spans: spans.map((span) => spanView(span, handles)),
  byTeam: [...totalsBy(spans, ({ team }) => team)].map(([id, seconds]) => ({
    team: handleOf(handles.teams, id),
    teamId: id,
    seconds,
  })),
  byAssignee: [...totalsBy(spans, ({ assignee }) => assignee)].map(([id, seconds]) => ({
    assignee: handleOf(handles.staff, id),
    assigneeId: id,
    seconds,
  })),
  byStage: [...totalsBy(spans, ({ stage }) => stage)].map(([stage, seconds]) => ({ stage, seconds })),
  byBall: [...totalsBy(spans, (span) => span.ballWith)].map(([ballWith, seconds]) => ({ ballWith, seconds })),
});
