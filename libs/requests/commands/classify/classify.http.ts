import { Body } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { Outcome } from '../../../eventing/command-runner';
import { ClassificationBody } from '../../classification-body.http';
import { RequestController, RequestRoute, Target } from '../../command.http';
import { CommandTarget, RequestCommand, RequestCommands } from '../../request-commands.handler';
import { classify } from './classify';

export class ClassifyBody extends ClassificationBody {}

export class ClassifyCommand extends RequestCommand<ClassifyBody> {}

@RequestController()
export class ClassifyController {
  constructor(private readonly bus: CommandBus) {}

  @RequestRoute('classify')
  classify(@Target('classify') target: CommandTarget, @Body() body: ClassifyBody): Promise<Outcome> {
    return this.bus.execute(new ClassifyCommand(target, body));
  }
}

@CommandHandler(ClassifyCommand)
export class ClassifyHandler implements ICommandHandler<ClassifyCommand, Outcome> {
  constructor(private readonly requests: RequestCommands) {}

  execute({ target, body }: ClassifyCommand): Promise<Outcome> {
    return this.requests.run(target, body, (state) => classify(body, state));
  }
}
