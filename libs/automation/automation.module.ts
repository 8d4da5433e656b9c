import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { RuleCommandsController, SaveRuleHandler, SwitchRuleHandler } from './commands/rule/rule.http';
import { AutomationReadController } from './read-models/firings/automation.http';
import { FiringsQuery } from './read-models/firings/firings.query';
import { Rehearsal } from './rehearsal/rehearsal.query';

/** Automation rules: how they are made, what they would do, and what they did. */
@Module({
  imports: [CqrsModule],
  controllers: [RuleCommandsController, AutomationReadController],
  providers: [SaveRuleHandler, SwitchRuleHandler, FiringsQuery, Rehearsal],
})
export class AutomationModule {}
