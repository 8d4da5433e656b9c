import { ContactIndex } from '../libs/customers/contact-index.adapter';
import { Engine } from '../libs/platform/engine/engine';
import { Directory } from '../libs/teams/directory.adapter';

/** What the slices work with besides each other; the server and the command line make it alike. */
export interface Adapters {
  readonly engine: Engine;
  readonly directory: Directory;
  readonly contacts: ContactIndex;
}

export const adaptersOf = (engine: Engine): Adapters => ({
  engine,
  directory: new Directory(engine.runner, engine.installation),
  contacts: new ContactIndex(engine.pool, engine.keys, engine.numberKey),
});
