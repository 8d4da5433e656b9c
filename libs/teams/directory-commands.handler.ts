import { Injectable } from '@nestjs/common';
import { CommandContext, Outcome } from '../eventing/command-runner';
import { streamOf } from '../eventing/event';
import { Engine } from '../platform/engine/engine';
import { contextOf } from '../platform/http/command-context';
import { Directory } from './directory.adapter';
import { staffCategory, StaffEvent, teamCategory, TeamEvent } from './events';
import { Staff, staffEvolution } from './staff';
import { Team, teamEvolution } from './team';
import { DirectoryTarget } from './team-command.http';

/** Runs the rule of a command on a team or on somebody. */
@Injectable()
export class DirectoryCommands {
  constructor(
    private readonly engine: Engine,
    private readonly directory: Directory,
  ) {}

  /** @param decide gets the instant of the command as well, RFC 3339 */
  staff(
    target: DirectoryTarget,
    body: object,
    decide: (state: Staff, now: string) => readonly StaffEvent[],
  ): Promise<Outcome> {
    const key = this.directory.staffId(target.id);
    const context = this.contextOf(target, streamOf(staffCategory, key));
    return this.engine.runner.execute<Staff, StaffEvent>({
      ...{ evolution: staffEvolution(key), key, expects: 'any', body, context },
      decide: (state) => decide(state, context.recordedAt),
    });
  }

  team(
    target: DirectoryTarget,
    body: object,
    decide: (state: Team, now: string) => readonly TeamEvent[],
  ): Promise<Outcome> {
    const key = this.directory.teamId(target.id);
    const context = this.contextOf(target, streamOf(teamCategory, key));
    return this.engine.runner.execute<Team, TeamEvent>({
      ...{ evolution: teamEvolution(key), key, expects: 'any', body, context },
      decide: (state) => decide(state, context.recordedAt),
    });
  }

  private contextOf({ caller, headers }: DirectoryTarget, target: string): CommandContext {
    return contextOf({ caller, target, headers, now: this.engine.now() });
  }
}
