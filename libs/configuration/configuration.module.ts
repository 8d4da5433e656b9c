import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ApplyHandler, ConfigurationCommandsController } from './commands/apply/apply.http';
import { ConfigurationDocuments } from './configuration.handler';

/** The write side of the configuration. */
@Module({
  imports: [CqrsModule],
  controllers: [ConfigurationCommandsController],
  providers: [ConfigurationDocuments, ApplyHandler],
})
export class ConfigurationModule {}
