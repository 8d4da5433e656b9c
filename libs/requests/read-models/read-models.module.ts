import { Module } from '@nestjs/common';
import { DirectoryQuery } from './directory/directory.query';
import { RequestReadController } from './request/request.http';
import { RequestQuery } from './request/request.query';
import { KnownNumbers } from './search/known-numbers.query';

/** Every route that reads cases. Expects an `Engine` from outside. */
@Module({
  controllers: [RequestReadController],
  providers: [DirectoryQuery, KnownNumbers, RequestQuery],
  exports: [KnownNumbers],
})
export class ReadModelsModule {}
