import { Module } from '@nestjs/common';
import { AccountabilityController } from './accountability/accountability.http';
import { AsOfQuery } from './as-of/as-of.query';
import { CaseRows } from './case-row.query';
import { ConversationController } from './conversation/conversation.http';
import { ConversationQuery } from './conversation/conversation.query';
import { ConfigurationDocuments } from '../../configuration/configuration.handler';
import { ConfigurationController } from './configuration/configuration.http';
import { StaffController, TeamsController } from './directory/directory.http';
import { DirectoryQuery } from './directory/directory.query';
import { DraftsController } from './drafts/drafts.http';
import { DraftsQuery } from './drafts/drafts.query';
import { EventsController } from './events/events.http';
import { EventsQuery } from './events/events.query';
import { HistoryController } from './history/history.http';
import { HistoryQuery } from './history/history.query';
import { PreviewQuery } from './promises/preview.query';
import { CalendarsController, PoliciesController } from './promises/promises.http';
import { QueueTotal } from './queue/queue-total.query';
import { QueueController } from './queue/queue.http';
import { PastQueueQuery } from './queue/past-queue.query';
import { QueueQuery } from './queue/queue.query';
import { OutboxController } from './outbox/outbox.http';
import { OutboxQuery } from './outbox/outbox.query';
import { RelationsController } from './relations/relations.http';
import { RelationsQuery } from './relations/relations.query';
import { RequestReadController } from './request/request.http';
import { RequestQuery } from './request/request.query';
import { KnownNumbers } from './search/known-numbers.query';
import { SearchController } from './search/search.http';
import { SearchQuery } from './search/search.query';
import { SimilarQuery } from './similar/similar.query';
import { EventNamesQuery } from './service-levels/event-names.query';
import { PopulationController } from './service-levels/population.http';
import { PopulationQuery } from './service-levels/population.query';
import { ServiceLevelsController } from './service-levels/service-levels.http';
import { ChangeTail } from './stream/change-tail.query';
import { ChangesQuery } from './stream/changes.query';
import { LiveReaders } from './stream/live-readers.http';
import { StreamLimits } from './stream/stream-limits';
import { StreamController } from './stream/stream.http';

/** Every route that reads cases. Expects an `Engine` from outside. */
@Module({
  controllers: [
    RequestReadController,
    RelationsController,
    SearchController,
    QueueController,
    ServiceLevelsController,
    PopulationController,
    CalendarsController,
    PoliciesController,
    ConfigurationController,
    TeamsController,
    StaffController,
    AccountabilityController,
    HistoryController,
    ConversationController,
    OutboxController,
    DraftsController,
    EventsController,
    StreamController,
  ],
  providers: [
    EventNamesQuery,
    ConfigurationDocuments,
    ...[
      AsOfQuery,
      CaseRows,
      ConversationQuery,
      DirectoryQuery,
      DraftsQuery,
      EventsQuery,
      HistoryQuery,
      OutboxQuery,
      PreviewQuery,
      KnownNumbers,
      PastQueueQuery,
      PopulationQuery,
      QueueQuery,
      QueueTotal,
    ],
    RelationsQuery,
    ...[RequestQuery, SearchQuery, SimilarQuery, ChangesQuery, ChangeTail, LiveReaders, StreamLimits],
  ],
  exports: [DirectoryQuery, KnownNumbers, PopulationQuery, QueueQuery, RequestQuery, SearchQuery, SimilarQuery],
})
export class ReadModelsModule {}
