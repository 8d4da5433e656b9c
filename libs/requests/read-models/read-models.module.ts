import { Module } from '@nestjs/common';
import { DirectoryQuery } from './directory/directory.query';
import { QueueTotal } from './queue/queue-total.query';
import { QueueController } from './queue/queue.http';
import { QueueQuery } from './queue/queue.query';
import { RequestReadController } from './request/request.http';
import { RequestQuery } from './request/request.query';
import { KnownNumbers } from './search/known-numbers.query';

/** Every route that reads cases. Expects an `Engine` from outside. */
@Module({
  controllers: [RequestReadController, QueueController],
  providers: [DirectoryQuery, KnownNumbers, QueueQuery, QueueTotal, RequestQuery],
  exports: [KnownNumbers],
})
export class ReadModelsModule {}
