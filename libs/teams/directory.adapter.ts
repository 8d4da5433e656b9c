import { BoundedMap } from '../eventing/bounded-map';
import { CommandContext, CommandRunner } from '../eventing/command-runner';
import { Rejection } from '../eventing/rejection';
import { staffCategory, teamCategory } from './events';
import { assertHandle, idOfHandle, isId } from './handles';
import { registerStaff, Staff, staffEvolution } from './staff';
import { registerTeam, Team, teamEvolution } from './team';

/** Finds and registers members of staff and teams, by handle or id. */
const knownMax = 10_000;

export class Directory {
  // Whoever was registered once is known for ever, so that only strangers are looked for in the log.
  private readonly known = new BoundedMap<string, true>(knownMax);

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

  async team(handleOrId: string): Promise<Team> {
    return (await this.runner.load(teamEvolution(this.teamId(handleOrId)), this.teamId(handleOrId))).state;
  }

  /** @throws Rejection UNKNOWN_STAFF with the pointer of the field that named them */
  async knownStaff(handleOrId: string, pointer: string): Promise<string> {
    const id = this.staffId(handleOrId);
    if (await this.isKnown(`staff ${id}`, () => this.staff(id))) return id;
    throw unknown('UNKNOWN_STAFF', 'nobody is known under this handle or id', pointer);
  }

  /** @throws Rejection UNKNOWN_TEAM with the pointer of the field that named it */
  async knownTeam(handleOrId: string, pointer: string): Promise<string> {
    const id = this.teamId(handleOrId);
    if (await this.isKnown(`team ${id}`, () => this.team(id))) return id;
    throw unknown('UNKNOWN_TEAM', 'no team is known under this handle or id', pointer);
  }

  private async isKnown(name: string, look: () => Promise<Staff | Team>): Promise<boolean> {
    if (this.known.get(name)) return true;
    const found = (await look()).status === 'active';
    if (found) this.known.set(name, true);
    return found;
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

const unknown = (code: string, detail: string, pointer: string): Rejection =>
  new Rejection(code, detail, [{ pointer, code, detail }]);
