import { DynamicModule, Global, Module } from '@nestjs/common';
import { ContactIndex } from '../../libs/customers/contact-index.adapter';
import { Engine } from '../../libs/platform/engine/engine';
import { Directory } from '../../libs/teams/directory.adapter';
import { Adapters } from '../adapters';

@Global()
@Module({})
export class EngineModule {
  static with({ engine, directory, contacts }: Adapters): DynamicModule {
    const providers = [
      { provide: Engine, useValue: engine },
      { provide: Directory, useValue: directory },
      { provide: ContactIndex, useValue: contacts },
    ];
    return { module: EngineModule, providers, exports: providers };
  }
}
