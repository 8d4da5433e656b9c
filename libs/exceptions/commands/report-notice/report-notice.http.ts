import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import { ReportDeliveryBody, reportIn } from '../../../channels/delivery.http';
import { Outcome } from '../../../eventing/command-runner';
import { staff } from '../../../platform/auth/caller';
import { ExceptionController, ExceptionRoute, Target } from '../../command.http';
import { ExceptionCommand, ExceptionCommands, ExceptionTarget } from '../../exception-commands.handler';
import { reportNotice } from './report-notice';

export class ReportNoticeCommand extends ExceptionCommand<ReportDeliveryBody> {}

@ExceptionController()
export class ReportNoticeController {
  constructor(private readonly bus: CommandBus) {}

  @ExceptionRoute('report-delivery', staff)
  @ApiOperation({ operationId: 'reportNotice', summary: 'Says what became of a notice that was to be carried.' })
  report(@Target() target: ExceptionTarget, @Body() body: ReportDeliveryBody): Promise<Outcome> {
    return this.bus.execute(new ReportNoticeCommand(target, body));
  }
}

@CommandHandler(ReportNoticeCommand)
export class ReportNoticeHandler implements ICommandHandler<ReportNoticeCommand, Outcome> {
  constructor(private readonly exceptions: ExceptionCommands) {}

  async execute({ target, body }: ReportNoticeCommand): Promise<Outcome> {
    const report = { message: body.message, ...reportIn(body) };
    return this.exceptions.run(target, { ...body }, (state) => reportNotice(report, state));
  }
}
