import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ReadModelsModule } from '../requests/read-models/read-models.module';
import {
  CompleteActionHandler,
  CorrectiveActionController,
  PlanActionHandler,
  VerifyActionHandler,
} from './commands/act/act.http';
import { AmendExceptionController, AmendExceptionHandler } from './commands/amend/amend.http';
import {
  ApproveExceptionHandler,
  DecideExceptionController,
  DelegateApprovalHandler,
  RejectExceptionHandler,
  RevokeDelegationHandler,
  WithdrawApprovalHandler,
} from './commands/approve/approve.http';
import { AssessExceptionController, AssessExceptionHandler } from './commands/assess/assess.http';
import { AssignExceptionController, AssignExceptionHandler } from './commands/assign/assign.http';
import {
  CloseExceptionHandler,
  EndExceptionController,
  FeedbackHandler,
  WithdrawExceptionHandler,
} from './commands/end/end.http';
import { InformController, InformHandler } from './commands/inform/inform.http';
import { OpenExceptionController, OpenExceptionHandler } from './commands/open/open.http';
import { RenewExceptionController, RenewExceptionHandler } from './commands/renew/renew.http';
import { ReportNoticeController, ReportNoticeHandler } from './commands/report-notice/report-notice.http';
import { ExceptionCommands } from './exception-commands.handler';
import { ExceptionNumberPipe } from './number.http';
import { ExceptionReadController, RequestExceptionsController } from './read-models/exception/exception.http';
import { ExceptionQuery } from './read-models/exception/exception.query';
import { KnownExceptions } from './read-models/exception/known-exceptions.query';
import { ExceptionHistoryController } from './read-models/history/exception-history.http';
import { StreamEvents } from './read-models/history/stream-events.query';

/** Exceptions: their commands and what is read of them. */
@Module({
  imports: [CqrsModule, ReadModelsModule],
  controllers: [
    ...[ExceptionReadController, ExceptionHistoryController, RequestExceptionsController, OpenExceptionController],
    ...[AmendExceptionController, AssessExceptionController, AssignExceptionController, DecideExceptionController],
    ...[CorrectiveActionController, InformController, EndExceptionController, RenewExceptionController],
    ReportNoticeController,
  ],
  providers: [
    ...[ExceptionCommands, ExceptionNumberPipe, ExceptionQuery, KnownExceptions, StreamEvents],
    ...[OpenExceptionHandler, AmendExceptionHandler, AssessExceptionHandler, AssignExceptionHandler],
    ...[ApproveExceptionHandler, RejectExceptionHandler, WithdrawApprovalHandler],
    ...[DelegateApprovalHandler, RevokeDelegationHandler, RenewExceptionHandler],
    ...[PlanActionHandler, CompleteActionHandler, VerifyActionHandler, InformHandler],
    ...[CloseExceptionHandler, WithdrawExceptionHandler, FeedbackHandler, ReportNoticeHandler],
  ],
})
export class ExceptionsModule {}
