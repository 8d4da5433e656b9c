import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AssignController, AssignHandler } from './commands/assign/assign.http';
import { AttachController, AttachHandler } from './commands/attach/attach.http';
import { CancelController, CancelHandler } from './commands/cancel/cancel.http';
import { ClassifyController, ClassifyHandler } from './commands/classify/classify.http';
import { CloseController, CloseHandler } from './commands/close/close.http';
import { CorrectController, CorrectHandler } from './commands/correct/correct.http';
import { DiscardDraftController, DiscardDraftHandler } from './commands/discard-draft/discard-draft.http';
import { DraftController, DraftHandler } from './commands/draft/draft.http';
import { EscalateController, EscalateHandler } from './commands/escalate/escalate.http';
import { FeedbackController, FeedbackHandler } from './commands/feedback/feedback.http';
import { HoldController, HoldHandler } from './commands/hold/hold.http';
import { NoteController, NoteHandler } from './commands/note/note.http';
import { OpenController, OpenHandler } from './commands/open/open.http';
import { RedactController, RedactHandler } from './commands/redact/redact.http';
import { ReopenController, ReopenHandler } from './commands/reopen/reopen.http';
import { ReportDeliveryController, ReportDeliveryHandler } from './commands/report-delivery/report-delivery.http';
import { ResolveController, ResolveHandler } from './commands/resolve/resolve.http';
import { RespondController, RespondHandler } from './commands/respond/respond.http';
import { ResumeController, ResumeHandler } from './commands/resume/resume.http';
import { SimilarCases } from './opening-hints/similar-cases.handler';
import { SimilarController } from './opening-hints/similar.http';
import { FollowUpController, FollowUpHandler } from './inbound/follow-up.http';
import { Filing } from './inbound/filing.handler';
import { InboundController, ReceiveHandler } from './inbound/inbound.http';
import { Inbound } from './inbound/inbound.handler';
import { Senders } from './inbound/sender.handler';
import { LinkController, LinkHandler } from './commands/link/link.http';
import { MergeController, MergeHandler } from './commands/merge/merge.http';
import { SplitController, SplitHandler } from './commands/split/split.http';
import { UnlinkController, UnlinkHandler } from './commands/unlink/unlink.http';
import { UnmergeController, UnmergeHandler } from './commands/unmerge/unmerge.http';
import { RequestSplitting } from './commands/split/splitting.handler';
import { RequestOpening } from './commands/open/opening.handler';
import { Redaction } from './processes/complete-redaction/complete-redaction.process';
import { Engine } from '../platform/engine/engine';
import { Relations } from '../relations/relations.adapter';
import { NewRequests } from './new-requests.handler';
import { NumberPipe } from './number.http';
import { RelationCommands } from './relation-commands.handler';
import { ReadModelsModule } from './read-models/read-models.module';
import { Promises } from './promises.handler';
import { RelationCarrier } from './carrying.handler';
import { RequestCommands } from './request-commands.handler';

/** The write side of a case: one route and one handler a verb. */
@Module({
  imports: [CqrsModule, ReadModelsModule],
  controllers: [
    AssignController,
    AttachController,
    CancelController,
    ClassifyController,
    CloseController,
    CorrectController,
    DraftController,
    DiscardDraftController,
    EscalateController,
    FeedbackController,
    FollowUpController,
    HoldController,
    InboundController,
    NoteController,
    OpenController,
    RedactController,
    ReopenController,
    ReportDeliveryController,
    ResolveController,
    RespondController,
    ResumeController,
    LinkController,
    MergeController,
    SplitController,
    SimilarController,
    UnlinkController,
    UnmergeController,
  ],
  providers: [
    NumberPipe,
    Promises,
    RelationCarrier,
    RequestCommands,
    RequestOpening,
    Filing,
    Inbound,
    Senders,
    ReceiveHandler,
    NewRequests,
    RelationCommands,
    RequestSplitting,
    SimilarCases,
    { provide: Relations, useFactory: ({ runner }: Engine) => new Relations(runner), inject: [Engine] },
    Redaction,
    AssignHandler,
    AttachHandler,
    CancelHandler,
    ClassifyHandler,
    CloseHandler,
    CorrectHandler,
    DraftHandler,
    DiscardDraftHandler,
    EscalateHandler,
    FeedbackHandler,
    FollowUpHandler,
    HoldHandler,
    NoteHandler,
    OpenHandler,
    RedactHandler,
    ReopenHandler,
    ReportDeliveryHandler,
    ResolveHandler,
    RespondHandler,
    ResumeHandler,
    LinkHandler,
    MergeHandler,
    SplitHandler,
    UnlinkHandler,
    UnmergeHandler,
  ],
  exports: [Redaction],
})
export class RequestCommandsModule {}
