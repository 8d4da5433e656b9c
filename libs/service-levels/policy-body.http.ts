import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Matches,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { applyDecorators } from '@nestjs/common';
import { MayBeAbsent } from '../platform/http/may-be-absent';
import { Audience, AUDIENCES, EscalationAction, EscalationStep, Occasion, OCCASIONS } from './escalation';
import {
  CHANGES,
  Change,
  ClockDefinition,
  Merging,
  MERGINGS,
  PAUSES,
  Pause,
  PolicyBody,
  PolicyMatch,
  PRIORITIES,
  Priority,
  Reopening,
  REOPENINGS,
  Target,
  Trigger,
  TRIGGERS,
} from './policy';

const listMax = 100;
const secondsMax = 4_000_000_000;
const idPattern = /^[a-z0-9][a-z0-9._-]{0,62}$/;

const ListOf = (values: readonly string[]): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: String, enum: values, isArray: true }),
    IsArray(),
    ArrayUnique(),
    IsIn(values, { each: true, message: `must each be one of ${values.join(', ')}` }),
  );

const Codes = (): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: [String], required: false }),
    MayBeAbsent(),
    IsArray(),
    ArrayMaxSize(listMax),
    ArrayUnique(),
    Matches(/^[\p{L}\p{N}][\p{L}\p{N} ._/&+:-]{0,79}$/u, {
      each: true,
      message: 'must each be 1 to 80 letters or digits',
    }),
  );

const Numbers = (): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: [Number], required: false, default: [] }),
    MayBeAbsent(),
    IsArray(),
    ArrayMaxSize(20),
    IsInt({ each: true, message: 'must each be a whole number' }),
  );

export class TargetBody implements Target {
  @ApiProperty({ example: 'business-hours', description: 'id of a calendar' })
  @IsString()
  @Matches(idPattern, { message: 'must be the id of a calendar' })
  readonly calendar: string;

  @ApiProperty({ example: 14_400, minimum: 1 })
  @IsInt()
  @Min(1)
  @Max(secondsMax)
  readonly targetSeconds: number;
}

const OneTarget = (): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: TargetBody, required: false }),
    MayBeAbsent(),
    IsObject(),
    ValidateNested(),
    Type(() => TargetBody),
  );

export class TargetsBody {
  @OneTarget() readonly P1?: TargetBody;
  @OneTarget() readonly P2?: TargetBody;
  @OneTarget() readonly P3?: TargetBody;
  @OneTarget() readonly P4?: TargetBody;
  @OneTarget() readonly P5?: TargetBody;
}

export class ClockBody {
  @ApiProperty({ type: String, example: 'first-response' })
  @IsString()
  readonly metric: string;

  @ListOf(TRIGGERS) readonly start: Trigger[];
  @ListOf(TRIGGERS) readonly stop: Trigger[];
  @ListOf(TRIGGERS) readonly cancel: Trigger[];
  @ListOf(PAUSES) readonly pause: Pause[];

  @ApiProperty({ required: false, default: false, description: 'begins again, as the next cycle, when it has ended' })
  @MayBeAbsent()
  @IsBoolean()
  readonly repeats?: boolean;

  @ApiProperty({ type: String, required: false, description: 'begins only once this other clock was fulfilled' })
  @MayBeAbsent()
  @IsString()
  readonly after?: string;

  @ApiProperty({ required: false, default: false, description: 'goes on when the case is reopened' })
  @MayBeAbsent()
  @IsBoolean()
  readonly reopens?: boolean;

  @ApiProperty({ type: String, required: false, description: 'counts at this team only: handle or id' })
  @MayBeAbsent()
  @IsString()
  readonly team?: string;

  @ApiProperty({ type: TargetsBody })
  @IsObject()
  @ValidateNested()
  @Type(() => TargetsBody)
  readonly targets: TargetsBody;

  @Numbers() readonly warnShares?: number[];
  @Numbers() readonly warnSecondsBefore?: number[];
}

export class MatchBody {
  @Codes() readonly types?: string[];
  @Codes() readonly categories?: string[];
  @Codes() readonly products?: string[];
  @Codes() readonly customerSegments?: string[];
  /** Handles or ids. */
  @Codes() readonly teams?: string[];

  @ApiProperty({ enum: PRIORITIES, isArray: true, required: false })
  @MayBeAbsent()
  @IsArray()
  @IsIn(PRIORITIES, { each: true, message: 'must each be a priority' })
  readonly priorities?: Priority[];
}

export class ActionBody {
  @ApiProperty({ enum: ['notify', 'raise-level', 'reassign'] })
  @IsIn(['notify', 'raise-level', 'reassign'])
  readonly kind: EscalationAction['kind'];

  @ApiProperty({ enum: AUDIENCES, required: false, description: 'of `notify`' })
  @ValidateIf(({ kind, audience }: ActionBody) => kind === 'notify' || audience !== undefined)
  @IsIn(AUDIENCES)
  readonly audience?: Audience;

  @ApiProperty({ type: String, required: false, description: 'of `reassign`: handle or id' })
  @ValidateIf(({ kind, team }: ActionBody) => kind === 'reassign' || team !== undefined)
  @IsString()
  readonly team?: string;
}

export class StepBody {
  @ApiProperty({ type: String, required: false, description: 'left out: every clock' })
  @MayBeAbsent()
  @IsString()
  readonly metric?: string;

  @ApiProperty({ enum: OCCASIONS })
  @IsIn(OCCASIONS)
  readonly on: Occasion;

  @ApiProperty({ type: Number, required: false, description: 'of `warned`: part of the target in percent' })
  @MayBeAbsent()
  @IsInt()
  readonly share?: number;

  @ApiProperty({ type: Number, required: false, default: 0, description: 'of `overdue`' })
  @MayBeAbsent()
  @IsInt()
  readonly secondsAfter?: number;

  @ApiProperty({ type: ActionBody })
  @IsObject()
  @ValidateNested()
  @Type(() => ActionBody)
  readonly action: ActionBody;
}

export class DraftPolicyBody {
  @ApiProperty({ minimum: 1, maximum: 999_999, description: 'of several that match, the one with the lowest is taken' })
  @IsInt()
  @Min(1)
  @Max(999_999)
  readonly rank: number;

  @ApiProperty({ type: MatchBody, description: 'each list that is given must hold the value of the case' })
  @IsObject()
  @ValidateNested()
  @Type(() => MatchBody)
  readonly match: MatchBody;

  @ApiProperty({ type: [ClockBody] })
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ClockBody)
  readonly clocks: ClockBody[];

  @ApiProperty({ enum: PRIORITIES, required: false, default: 'P3' })
  @MayBeAbsent()
  @IsIn(PRIORITIES)
  readonly priorityAbsent?: Priority;

  @ApiProperty({ enum: CHANGES, required: false, default: 'carry' })
  @MayBeAbsent()
  @IsIn(CHANGES)
  readonly priorityChange?: Change;

  @ApiProperty({ enum: CHANGES, required: false, default: 'carry' })
  @MayBeAbsent()
  @IsIn(CHANGES)
  readonly policyChange?: Change;

  @ApiProperty({ enum: ['keep', 'move'], required: false, default: 'keep' })
  @MayBeAbsent()
  @IsIn(['keep', 'move'])
  readonly revisionChange?: 'keep' | 'move';

  @ApiProperty({ enum: REOPENINGS, required: false, default: 'continue' })
  @MayBeAbsent()
  @IsIn(REOPENINGS)
  readonly reopen?: Reopening;

  @ApiProperty({ required: false, default: 0, minimum: 0 })
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(secondsMax)
  readonly reopenGraceSeconds?: number;

  @ApiProperty({ enum: MERGINGS, required: false, description: 'left out: earliest' })
  @MayBeAbsent()
  @IsIn(MERGINGS)
  readonly merge?: Merging;

  @ApiProperty({ type: [StepBody], required: false, description: 'left out: the standard chain' })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(listMax)
  @ValidateNested({ each: true })
  @Type(() => StepBody)
  readonly escalation?: StepBody[];
}

/** Optional members take their defaults here, so that a revision says all of itself. @param teamId of a handle or id */
export const policyOf = async (
  body: DraftPolicyBody,
  teamId: (handleOrId: string, pointer: string) => Promise<string>,
): Promise<PolicyBody> => ({
  match: await matchOf(body.match, teamId),
  clocks: await Promise.all(body.clocks.map((clock, place) => clockOf(clock, `/clocks/${place}/team`, teamId))),
  priorityAbsent: body.priorityAbsent ?? 'P3',
  priorityChange: body.priorityChange ?? 'carry',
  policyChange: body.policyChange ?? 'carry',
  revisionChange: body.revisionChange ?? 'keep',
  reopen: body.reopen ?? 'continue',
  reopenGraceSeconds: body.reopenGraceSeconds ?? 0,
  ...(body.merge && { merge: body.merge }),
  ...(body.escalation && {
    escalation: await Promise.all(body.escalation.map((step, place) => stepOf(step, place, teamId))),
  }),
});

type TeamId = Parameters<typeof policyOf>[1];

const matchOf = async ({ teams, ...match }: MatchBody, teamId: TeamId): Promise<PolicyMatch> => ({
  ...plain(match),
  ...(teams && { teams: await Promise.all(teams.map((team, place) => teamId(team, `/match/teams/${place}`))) }),
});

const clockOf = async (body: ClockBody, pointer: string, teamId: TeamId): Promise<ClockDefinition> => ({
  ...{ metric: body.metric, start: body.start, stop: body.stop, cancel: body.cancel, pause: body.pause },
  ...{ repeats: body.repeats ?? false, after: body.after ?? null, reopens: body.reopens ?? false },
  team: body.team === undefined ? null : await teamId(body.team, pointer),
  targets: plain(body.targets),
  ...{ warnShares: body.warnShares ?? [], warnSecondsBefore: body.warnSecondsBefore ?? [] },
});

const stepOf = async (step: StepBody, place: number, teamId: TeamId): Promise<EscalationStep> => ({
  ...{ metric: step.metric ?? null, on: step.on, share: step.share ?? null, secondsAfter: step.secondsAfter ?? 0 },
  action: await actionOf(step.action, `/escalation/${place}/action/team`, teamId),
});

const actionOf = async (
  { kind, audience = 'leads', team = '' }: ActionBody,
  pointer: string,
  teamId: TeamId,
): Promise<EscalationAction> => {
  switch (kind) {
    case 'notify':
      return { kind, audience };
    case 'raise-level':
      return { kind };
    case 'reassign':
      return { kind, team: await teamId(team, pointer) };
  }
};

/** Without members that were left out, and without the class that they came in. */
const plain = <T extends object>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
