import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ReadModelsModule } from '../requests/read-models/read-models.module';
import { CancelBulkController, CancelBulkHandler } from './commands/cancel/cancel.http';
import { StartBulkController, StartBulkHandler } from './commands/start/start.http';
import { BulkReadController } from './read-models/bulk/bulk.http';
import { BulkQuery } from './read-models/bulk/bulk.query';
import { Selection } from './selection.query';

/** Bulk jobs: how they are started and cancelled, and what has become of them. */
@Module({
  imports: [CqrsModule, ReadModelsModule],
  controllers: [StartBulkController, CancelBulkController, BulkReadController],
  providers: [StartBulkHandler, CancelBulkHandler, BulkQuery, Selection],
})
export class BulkModule {}
