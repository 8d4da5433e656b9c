import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { RetireTemplateHandler, SaveTemplateHandler, TemplateController } from './commands/template/template.http';
import { TemplatesController } from './read-models/templates.http';
import { TemplateQuery } from './read-models/templates.query';

/** Templates of answers. */
@Module({
  imports: [CqrsModule],
  controllers: [TemplateController, TemplatesController],
  providers: [SaveTemplateHandler, RetireTemplateHandler, TemplateQuery],
})
export class TemplatesModule {}
