import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import { ReportDeliveryBody, reportIn } from '../../../channels/delivery.http';
import { Outcome } from '../../../eventing/command-runner';
import { staff } from '../../../platform/auth/caller';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { CommandTarget, RequestCommand, RequestCommands } from '../../request-commands.handler';
import { reportDelivery } from './report-delivery';

export class ReportDeliveryCommand extends RequestCommand<ReportDeliveryBody> {}

@RequestController()
export class ReportDeliveryController {
  constructor(private readonly bus: CommandBus) {}

  @RequestRoute('report-delivery', staff)
  @ApiOperation({ operationId: 'reportDelivery', summary: 'Says what became of a message that was to be carried.' })
  report(@Target() target: CommandTarget, @Body() body: ReportDeliveryBody): Promise<Outcome> {
    return this.bus.execute(new ReportDeliveryCommand(target, body));
  }
}

@CommandHandler(ReportDeliveryCommand)
export class ReportDeliveryHandler implements ICommandHandler<ReportDeliveryCommand, Outcome> {
  constructor(private readonly requests: RequestCommands) {}

  async execute({ target, body }: ReportDeliveryCommand): Promise<Outcome> {
    const report = { message: body.message, ...reportIn(body) };
    return this.requests.run(target, body, (state) => reportDelivery(report, state));
  }
}
