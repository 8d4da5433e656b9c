import { Attachments } from '../libs/attachments/attachments.adapter';
import { noScanner } from '../libs/attachments/scanner';
import { ConfigurationBook } from '../libs/configuration/configuration-book.adapter';
import { AutomationRules } from '../libs/automation/rules.adapter';
import { ContactIndex } from '../libs/customers/contact-index.adapter';
import { CustomerIdentity } from '../libs/customers/identity.adapter';
import { KnownCustomers } from '../libs/customers/known-customers.adapter';
import { CustomerSegments } from '../libs/customers/segments.adapter';
import { Config } from '../libs/platform/config/config';
import { Engine } from '../libs/platform/engine/engine';
import { Relations } from '../libs/relations/relations.adapter';
import { InboundRules } from '../libs/requests/inbound/rules';
import { KnownCases } from '../libs/requests/known-cases.adapter';
import { Promises } from '../libs/requests/promises.handler';
import { Reopening } from '../libs/requests/reopening';
import { RelationCarrier } from '../libs/requests/carrying.handler';
import { RequestCommands } from '../libs/requests/request-commands.handler';
import { RequestOrders } from '../libs/requests/orders.adapter';
import { ServiceLevelBook } from '../libs/service-levels/book.adapter';
import { Templates } from '../libs/templates/templates.adapter';
import { Directory } from '../libs/teams/directory.adapter';
import { attachmentStore } from './attachment-store';

/** What the slices work with besides each other; the server and the command line make it alike. */
export interface Adapters {
  readonly engine: Engine;
  readonly directory: Directory;
  readonly contacts: ContactIndex;
  readonly segments: CustomerSegments;
  readonly identity: CustomerIdentity;
  readonly customers: KnownCustomers;
  readonly cases: KnownCases;
  readonly orders: RequestOrders;
  readonly rules: AutomationRules;
  readonly book: ServiceLevelBook;
  readonly attachments: Attachments;
  readonly configuration: ConfigurationBook;
  readonly inbound: InboundRules;
  readonly reopening: Reopening;
  readonly templates: Templates;
}

type Settled = Pick<Config, 'dataDirectory' | 'ownAddresses' | 'replyToClosed' | 'reopenSeconds'>;

export const adaptersOf = (engine: Engine, settled: Settled): Adapters => {
  const { dataDirectory, ownAddresses, replyToClosed, reopenSeconds } = settled;
  const reopening = new Reopening(replyToClosed, reopenSeconds);
  const directory = new Directory(engine.runner, engine.installation);
  const segments = new CustomerSegments(engine.runner);
  const book = new ServiceLevelBook(engine.runner);
  const templates = new Templates(engine.runner);
  const configuration = new ConfigurationBook(engine.runner);
  const requests = new RequestCommands(
    engine,
    new Promises(book, segments),
    configuration,
    new Relations(engine.runner),
    new RelationCarrier(engine),
  );
  return {
    ...{ engine, directory, segments, book, configuration, templates, reopening },
    contacts: new ContactIndex(engine.pool, engine.keys, engine.numberKey),
    identity: new CustomerIdentity(engine),
    customers: new KnownCustomers(engine.runner),
    cases: new KnownCases(engine.runner, engine.installation),
    orders: new RequestOrders({ engine, requests, directory, configuration, segments, templates, reopening }),
    attachments: new Attachments(attachmentStore({ dataDirectory }), noScanner, engine.keys, engine.installation),
    rules: new AutomationRules(engine.runner),
    inbound: new InboundRules(ownAddresses),
  };
};
