import { DynamicModule, Global, Module } from '@nestjs/common';
import { ContactIndex } from '../../libs/customers/contact-index.adapter';
import { CustomerIdentity } from '../../libs/customers/identity.adapter';
import { CustomerSegments } from '../../libs/customers/segments.adapter';
import { Engine } from '../../libs/platform/engine/engine';
import { ServiceLevelBook } from '../../libs/service-levels/book.adapter';
import { Directory } from '../../libs/teams/directory.adapter';
import { Adapters } from '../adapters';

@Global()
@Module({})
export class EngineModule {
  static with({ engine, directory, contacts, segments, identity, book }: Adapters): DynamicModule {
    const providers = [
      { provide: Engine, useValue: engine },
      { provide: Directory, useValue: directory },
      { provide: ContactIndex, useValue: contacts },
      { provide: CustomerSegments, useValue: segments },
      { provide: CustomerIdentity, useValue: identity },
      { provide: ServiceLevelBook, useValue: book },
    ];
    return { module: EngineModule, providers, exports: providers };
  }
}
