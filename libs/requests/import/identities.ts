import { v5 as uuidv5 } from 'uuid';
import { BoundedMap } from '../../eventing/bounded-map';
import { handleOf } from './handles';
import { Identities } from './case-facts';
import { Mapping } from './mapping';

/** Who acts where a source names nobody; also the actor of every import command, whoever runs it. */
export const importActor = 'import';

const namesKept = 20_000;

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

interface Identified extends Named {
  readonly id: string;
}

/** Gives the people of a source their ids, and remembers who was asked for. */
export class SourceIdentities implements Identities {
  readonly importer = importActor;
  /** Those who were asked for since the caller emptied it last. */
  readonly staffSeen = new Map<string, Named>();
  readonly teamsSeen = new Map<string, Named>();

  private readonly staffIds = new BoundedMap<string, Identified>(namesKept);
  private readonly teamIds = new BoundedMap<string, Identified>(namesKept);

  constructor(
    private readonly mapping: Pick<Mapping, 'name' | 'handlePrefix'>,
    private readonly installation: string,
    private readonly ids: HandleIds,
  ) {}

  staff(name: string): string {
    return this.known(this.staffIds, this.staffSeen, name, (handle) => this.ids.staffId(handle));
  }

  team(name: string): string {
    return this.known(this.teamIds, this.teamsSeen, name, (handle) => this.ids.teamId(handle));
  }

  customer(key: string): string {
    return uuidv5(`customer\0${this.mapping.name}\0${key}`, this.installation);
  }

  /** A name comes in row after row, and an id costs a digest. */
  private known(
    found: BoundedMap<string, Identified>,
    seen: Map<string, Named>,
    name: string,
    idOf: (handle: string) => string,
  ): string {
    const before = found.get(name);
    const handle = before?.handle ?? handleOf(this.mapping.handlePrefix, name);
    const identified = before ?? { handle, name, id: idOf(handle) };
    if (!before) found.set(name, identified);
    seen.set(identified.id, identified);
    return identified.id;
  }
}
