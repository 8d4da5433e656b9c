import { DynamicModule, Global, Module } from '@nestjs/common';
import { ContactIndex } from '../../libs/customers/contact-index.adapter';
import { Engine } from '../../libs/platform/engine/engine';
import { Directory } from '../../libs/teams/directory.adapter';

/** What every slice works with, made before Nest starts. */
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
