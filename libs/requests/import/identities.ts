import { v5 as uuidv5 } from 'uuid';
import { handleOf } from './handles';
import { Identities } from './case-facts';
import { Mapping } from './mapping';

/** Who acts where a source names nobody; also the actor of every import command, whoever runs it. */
export const importActor = 'import';

/** Ids of handles in this installation. */
export interface HandleIds {
  staffId(handle: string): string;
  teamId(handle: string): string;
}

/** Somebody of the source as they are to be registered. */
export interface Named {
  readonly handle: string;
  readonly name: string;
}

/** Gives the people of a source their ids, and remembers who was asked for. */
export class SourceIdentities implements Identities {
  readonly importer = importActor;
  readonly staffSeen = new Map<string, Named>();
  readonly teamsSeen = new Map<string, Named>();

  constructor(
    private readonly mapping: Pick<Mapping, 'name' | 'handlePrefix'>,
    private readonly installation: string,
    private readonly ids: HandleIds,
  ) {}

  staff(name: string): string {
    const handle = handleOf(this.mapping.handlePrefix, name);
    const id = this.ids.staffId(handle);
    this.staffSeen.set(id, { handle, name });
    return id;
  }

  team(name: string): string {
    const handle = handleOf(this.mapping.handlePrefix, name);
    const id = this.ids.teamId(handle);
    this.teamsSeen.set(id, { handle, name });
    return id;
  }

  customer(key: string): string {
    return uuidv5(`customer\0${this.mapping.name}\0${key}`, this.installation);
  }
}
