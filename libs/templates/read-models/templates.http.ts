import { Controller } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiQuery } from '@nestjs/swagger';
import { shortText, wholeNumber } from '../../platform/http/query-parameters';
import { QueryOf, ReadPosition, readRoute, ValuesOf } from '../../platform/http/read-route.http';
import { PlaceholderType, placeholderTypes, TemplateFormat, templateFormats } from '../events';
import { mayReadTemplates } from '../permissions';
import { FoundTemplates, TemplateQuery } from './templates.query';

const templatesMax = 200;
const templatesUsual = 50;
const idCharactersMax = 40;
const parameters = { limit: wholeNumber(1, templatesMax), cursor: shortText(idCharactersMax) };

export class PlaceholderView {
  @ApiProperty() readonly name: string;
  @ApiProperty({ enum: placeholderTypes }) readonly type: PlaceholderType;
  @ApiProperty() readonly required: boolean;
  @ApiProperty({ type: [String] }) readonly choices: readonly string[];
}

export class TemplateView {
  @ApiProperty({ example: 'on-our-way' }) readonly id: string;
  @ApiProperty({ description: 'how often it was saved' }) readonly revision: number;
  @ApiProperty() readonly name: string;
  @ApiProperty({ enum: templateFormats }) readonly format: TemplateFormat;
  @ApiProperty() readonly body: string;
  @ApiProperty({ type: [PlaceholderView] }) readonly placeholders: readonly PlaceholderView[];
}

/** Those in use, by their ids. */
export class TemplatesAnswer {
  @ApiProperty({ type: [TemplateView] }) readonly items: readonly TemplateView[];
  @ApiProperty() readonly total: number;
  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' })
  readonly nextCursor: string | null;
  @ApiProperty({ example: '81745' }) readonly position: string;
}

const view = ({ id, row }: FoundTemplates['templates'][number]): TemplateView => ({
  ...{ id, revision: row.revision, name: row.name, format: row.format, body: row.body },
  placeholders: row.placeholders.map(({ name, type, isRequired, choices }) => ({
    ...{ name, type, required: isRequired, choices },
  })),
});

@Controller('v1/templates')
export class TemplatesController {
  constructor(private readonly templates: TemplateQuery) {}

  @readRoute('', { roles: mayReadTemplates, tag: 'templates', missing: 'there is nothing here' })
  @ApiOperation({ operationId: 'getTemplates', summary: 'Templates of answers that are in use.' })
  @ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: templatesMax } })
  @ApiQuery({ name: 'cursor', required: false, description: 'nextCursor of the page before' })
  @ApiOkResponse({ type: TemplatesAnswer })
  async all(
    @QueryOf(parameters) { limit = templatesUsual, cursor = '' }: ValuesOf<typeof parameters>,
    @ReadPosition() position: string,
  ): Promise<TemplatesAnswer> {
    const { templates, total } = await this.templates.active(cursor, limit + 1);
    const items = templates.slice(0, limit);
    const nextCursor = templates.length > limit ? (items.at(-1)?.id ?? null) : null;
    return { items: items.map(view), total, nextCursor, position };
  }
}
