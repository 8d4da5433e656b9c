import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ReadModelsModule } from '../requests/read-models/read-models.module';
import { ChangeViewController, ChangeViewHandler } from './commands/change/change.http';
import { CreateViewController, CreateViewHandler } from './commands/create/create.http';
import { ViewLists } from './lists.query';
import { ViewsController } from './read-models/views.http';
import { ViewQuery } from './read-models/views.query';
import { ViewReaders } from './readers.handler';

/** Saved views of the lists of cases. */
@Module({
  imports: [CqrsModule, ReadModelsModule],
  controllers: [CreateViewController, ChangeViewController, ViewsController],
  providers: [CreateViewHandler, ChangeViewHandler, ViewLists, ViewQuery, ViewReaders],
})
export class ViewsModule {}
