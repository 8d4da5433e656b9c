import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, Max, Min } from 'class-validator';
import { Outcome } from '../../../eventing/command-runner';
import { MayBeAbsent } from '../../../platform/http/may-be-absent';
import { unprocessable } from '../../../platform/http/problem';
import { Text } from '../../../platform/http/text';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { CommandTarget, RequestCommand, RequestCommands } from '../../request-commands.handler';
import { textLimits } from '../../text-limits';
import { deliveryFailures, DeliveryFailure } from '../../vocabulary';
import { ReportDelivery, reportDelivery } from './report-delivery';

const revisionMax = 1_000_000;
const outcomes = ['delivered', 'failed'] as const;

export class ReportDeliveryBody {
  @ApiProperty({ type: 'integer', minimum: 0, maximum: revisionMax, description: 'revision of the message' })
  @IsInt()
  @Min(0)
  @Max(revisionMax)
  readonly message: number;

  @ApiProperty({ enum: outcomes })
  @IsIn(outcomes)
  readonly outcome: (typeof outcomes)[number];

  @ApiProperty({ enum: deliveryFailures, required: false, description: 'of what failed' })
  @MayBeAbsent()
  @IsIn(deliveryFailures)
  readonly reason?: DeliveryFailure;

  @ApiProperty({ required: false, default: false, description: 'of what failed: it is not tried again' })
  @MayBeAbsent()
  @IsBoolean()
  readonly final?: boolean;

  /** Of what failed: what the other end said. */
  @Text({ ...textLimits.reason, optional: true })
  readonly detail?: string;
}

export class ReportDeliveryCommand extends RequestCommand<ReportDeliveryBody> {}

@RequestController()
export class ReportDeliveryController {
  constructor(private readonly bus: CommandBus) {}

  @RequestRoute('report-delivery')
  report(@Target('report-delivery') target: CommandTarget, @Body() body: ReportDeliveryBody): Promise<Outcome> {
    return this.bus.execute(new ReportDeliveryCommand(target, body));
  }
}

/** @throws Problem VALIDATION_FAILED for what does not belong to its outcome */
const reportOf = ({ message, outcome, reason, final, detail }: ReportDeliveryBody): ReportDelivery => {
  if (outcome === 'delivered') {
    const wrong = Object.entries({ reason, final, detail }).filter(([, value]) => value !== undefined);
    if (wrong.length)
      throw unprocessable(
        wrong.map(([name]) => ({ pointer: `/${name}`, code: 'NOT_ALLOWED', detail: 'is for what failed' })),
      );
    return { message, outcome };
  }
  if (reason === undefined)
    throw unprocessable([{ pointer: '/reason', code: 'REQUIRED', detail: 'is required for what failed' }]);
  return { message, outcome, reason, isFinal: final ?? false, detail };
};

@CommandHandler(ReportDeliveryCommand)
export class ReportDeliveryHandler implements ICommandHandler<ReportDeliveryCommand, Outcome> {
  constructor(private readonly requests: RequestCommands) {}

  async execute({ target, body }: ReportDeliveryCommand): Promise<Outcome> {
    const report = reportOf(body);
    return this.requests.run(target, body, (state) => reportDelivery(report, state));
  }
}
