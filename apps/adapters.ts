import { ContactIndex } from '../libs/customers/contact-index.adapter';
import { CustomerIdentity } from '../libs/customers/identity.adapter';
import { CustomerSegments } from '../libs/customers/segments.adapter';
import { Engine } from '../libs/platform/engine/engine';
import { ServiceLevelBook } from '../libs/service-levels/book.adapter';
import { Directory } from '../libs/teams/directory.adapter';

/** What the slices work with besides each other; the server and the command line make it alike. */
export interface Adapters {
  readonly engine: Engine;
  readonly directory: Directory;
  readonly contacts: ContactIndex;
  readonly segments: CustomerSegments;
  readonly identity: CustomerIdentity;
  readonly book: ServiceLevelBook;
}

export const adaptersOf = (engine: Engine): Adapters => ({
  engine,
  directory: new Directory(engine.runner, engine.installation),
  contacts: new ContactIndex(engine.pool, engine.keys, engine.numberKey),
  segments: new CustomerSegments(engine.runner),
  identity: new CustomerIdentity(engine),
  book: new ServiceLevelBook(engine.runner),
});
