import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { Outcome } from '../../../eventing/command-runner';
import { staffAndCustomer } from '../../../platform/auth/caller';
import { Text } from '../../../platform/http/text';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { CommandTarget, RequestCommand, RequestCommands } from '../../request-commands.handler';
import { textLimits } from '../../text-limits';
import { giveFeedback } from './feedback';

const best = 5;

export class RequestFeedbackBody {
  @ApiProperty({ type: 'integer', minimum: 1, maximum: best, description: '5 is best' })
  @IsInt()
  @Min(1)
  @Max(best)
  readonly rating: number;

  @Text({ ...textLimits.reason, optional: true })
  readonly text?: string;
}

export class FeedbackCommand extends RequestCommand<RequestFeedbackBody> {}

@RequestController()
export class FeedbackController {
  constructor(private readonly bus: CommandBus) {}

  // Staff write down what they are told.
  @RequestRoute('feedback', staffAndCustomer)
  @ApiOperation({ operationId: 'giveFeedbackOnRequest', summary: 'Says how a resolution served the customer.' })
  feedback(@Target() target: CommandTarget, @Body() body: RequestFeedbackBody): Promise<Outcome> {
    return this.bus.execute(new FeedbackCommand(target, body));
  }
}

@CommandHandler(FeedbackCommand)
export class FeedbackHandler implements ICommandHandler<FeedbackCommand, Outcome> {
  constructor(private readonly requests: RequestCommands) {}

  execute({ target, body }: FeedbackCommand): Promise<Outcome> {
    return this.requests.run(target, body, (state) => giveFeedback(body, state));
  }
}
