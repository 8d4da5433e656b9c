import { CommandContext, CommandRunner } from '../eventing/command-runner';
import { Evolution } from '../eventing/decider';
import { streamOf } from '../eventing/event';
import { Rejection } from '../eventing/rejection';
import { Reservation, staffCategory, StaffEvent, teamCategory, TeamEvent } from './events';
import { assertHandle, idOfHandle, isId } from './handles';
import { KnownStaff, registerStaff, Staff, staffEvolution } from './staff';
import { registerTeam, Team, teamEvolution } from './team';

/** Finds and registers members of staff and teams, by handle or id. */
export class Directory {
  constructor(
    private readonly runner: CommandRunner,
    private readonly installation: string,
  ) {}

  staffId(handleOrId: string): string {
    return isId(handleOrId) ? handleOrId : idOfHandle(this.installation, staffCategory, handleOrId);
  }

  teamId(handleOrId: string): string {
    return isId(handleOrId) ? handleOrId : idOfHandle(this.installation, teamCategory, handleOrId);
  }

  async staff(handleOrId: string): Promise<Staff> {
    return (await this.runner.load(staffEvolution(this.staffId(handleOrId)), this.staffId(handleOrId))).state;
  }

  /** What this process knows for certain without a look; undefined when it may be otherwise by now. */
  remembered(id: string): KnownStaff['status'] | undefined {
    const known = this.runner.knowsAll(streamOf(staffCategory, id));
    const state = known ? this.runner.remembered(staffEvolution(id), id) : undefined;
    return state?.status === 'unknown' ? undefined : state?.status;
  }

  async team(handleOrId: string): Promise<Team> {
    return (await this.runner.load(teamEvolution(this.teamId(handleOrId)), this.teamId(handleOrId))).state;
  }

  /** Somebody who works here or has worked here. @throws Rejection UNKNOWN_STAFF with the pointer of the field that named them */
  knownStaff(handleOrId: string, pointer: string): Promise<string> {
    return this.staffIn(['active', 'retired'], handleOrId, pointer);
  }

  /** Somebody who can be given something to do. @throws Rejection UNKNOWN_STAFF, STAFF_RETIRED, as above */
  activeStaff(handleOrId: string, pointer: string): Promise<string> {
    return this.staffIn(['active'], handleOrId, pointer);
  }

  /** @throws Rejection UNKNOWN_TEAM with the pointer of the field that named it */
  knownTeam(handleOrId: string, pointer: string): Promise<string> {
    return this.teamIn(['active', 'retired'], handleOrId, pointer);
  }

  /** A team that can be given something to do. @throws Rejection UNKNOWN_TEAM, TEAM_RETIRED, as above */
  activeTeam(handleOrId: string, pointer: string): Promise<string> {
    return this.teamIn(['active'], handleOrId, pointer);
  }

  /**
   * Keeps somebody's capacity for these cases and no others.
   * @returns position @throws RevisionMismatch when anything was said of them since the revision that the context names
   */
  async reserve(id: string, reserved: readonly Reservation[], context: CommandContext): Promise<bigint> {
    const { position } = await this.runner.execute<Staff, StaffEvent>({
      ...{ evolution: staffEvolution(id), key: id, expects: 'existing', body: {}, context },
      decide: () => [{ type: 'StaffCapacityReserved', data: { reserved } }],
    });
    return position;
  }

  private async staffIn(wanted: readonly Staff['status'][], handleOrId: string, pointer: string): Promise<string> {
    const id = this.staffId(handleOrId);
    const status = await this.statusOf(staffEvolution(id), id);
    if (wanted.includes(status)) return id;
    if (status === 'retired') throw refusal('STAFF_RETIRED', 'works here no more', pointer);
    throw refusal('UNKNOWN_STAFF', 'nobody is known under this handle or id', pointer);
  }

  private async teamIn(wanted: readonly Team['status'][], handleOrId: string, pointer: string): Promise<string> {
    const id = this.teamId(handleOrId);
    const status = await this.statusOf(teamEvolution(id), id);
    if (wanted.includes(status)) return id;
    if (status === 'retired') throw refusal('TEAM_RETIRED', 'takes no more work', pointer);
    throw refusal('UNKNOWN_TEAM', 'no team is known under this handle or id', pointer);
  }

  /** Whoever is remembered need not be looked for; strangers are, since the command line registers people beside a server. */
  private async statusOf<S extends Staff | Team, E extends StaffEvent | TeamEvent>(
    evolution: Evolution<S, E>,
    id: string,
  ): Promise<S['status']> {
    const { status } = await this.runner.current(evolution, id);
    return status === 'unknown' ? (await this.runner.load(evolution, id)).state.status : status;
  }

  async registerTeam(handle: string, name: string, context: CommandContext): Promise<string> {
    const id = this.teamId(assertHandle(handle));
    const body = { handle, name };
    await this.runner.execute({
      evolution: teamEvolution(id),
      key: id,
      expects: 'any',
      body,
      context,
      decide: (state) => registerTeam(body, state),
    });
    return id;
  }

  /** @param team handle or id of a known team, or null */
  async registerStaff(handle: string, name: string, team: string | null, context: CommandContext): Promise<string> {
    const id = this.staffId(assertHandle(handle));
    const body = { handle, name, team: team === null ? null : await this.knownTeam(team, '/team') };
    await this.runner.execute({
      evolution: staffEvolution(id),
      key: id,
      expects: 'any',
      body,
      context,
      decide: (state) => registerStaff(body, state),
    });
    return id;
  }
}

const refusal = (code: string, detail: string, pointer: string): Rejection =>
  new Rejection(code, detail, [{ pointer, code, detail }]);
