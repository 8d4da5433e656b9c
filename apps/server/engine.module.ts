import { DynamicModule, Global, Module } from '@nestjs/common';
import { Attachments } from '../../libs/attachments/attachments.adapter';
import { ConfigurationBook } from '../../libs/configuration/configuration-book.adapter';
import { AutomationRules } from '../../libs/automation/rules.adapter';
import { ContactIndex } from '../../libs/customers/contact-index.adapter';
import { CustomerIdentity } from '../../libs/customers/identity.adapter';
import { KnownCustomers } from '../../libs/customers/known-customers.adapter';
import { CustomerSegments } from '../../libs/customers/segments.adapter';
import { Engine } from '../../libs/platform/engine/engine';
import { KnownCases } from '../../libs/requests/known-cases.adapter';
import { InboundRules } from '../../libs/requests/inbound/rules';
import { Reopening } from '../../libs/requests/reopening';
import { RequestOrders } from '../../libs/requests/orders.adapter';
import { ServiceLevelBook } from '../../libs/service-levels/book.adapter';
import { Templates } from '../../libs/templates/templates.adapter';
import { Directory } from '../../libs/teams/directory.adapter';
import { Adapters } from '../adapters';

@Global()
@Module({})
export class EngineModule {
  static with(adapters: Adapters): DynamicModule {
    const { engine, directory, contacts, segments, identity, customers, cases, orders } = adapters;
    const { book, attachments, configuration, inbound, reopening, templates, rules } = adapters;
    const providers = [
      { provide: Engine, useValue: engine },
      { provide: Directory, useValue: directory },
      { provide: ContactIndex, useValue: contacts },
      { provide: CustomerSegments, useValue: segments },
      { provide: CustomerIdentity, useValue: identity },
      { provide: KnownCustomers, useValue: customers },
      { provide: KnownCases, useValue: cases },
      { provide: RequestOrders, useValue: orders },
      { provide: AutomationRules, useValue: rules },
      { provide: ServiceLevelBook, useValue: book },
      { provide: Attachments, useValue: attachments },
      { provide: ConfigurationBook, useValue: configuration },
      { provide: InboundRules, useValue: inbound },
      { provide: Reopening, useValue: reopening },
      { provide: Templates, useValue: templates },
    ];
    return { module: EngineModule, providers, exports: providers };
  }
}
