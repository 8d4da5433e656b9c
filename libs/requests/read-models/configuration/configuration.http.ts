import { Controller } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiQuery } from '@nestjs/swagger';
import { ConfigurationBook } from '../../../configuration/configuration-book.adapter';
import { ConfigurationDocuments } from '../../../configuration/configuration.handler';
import { catalogueKinds, CatalogueKind } from '../../../configuration/definitions';
import { ConfigurationDocument } from '../../../configuration/document';
import { readers } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { instant } from '../../../platform/http/query-parameters';
import { QueryOf, ReadRoute, ValuesOf } from '../read-route.http';

const parameters = { at: instant };

export class ConfigurationAnswer {
  @ApiProperty({ type: String, format: 'date-time', description: 'the instant at which this holds' })
  readonly at: string;
  @ApiProperty({ enum: catalogueKinds, isArray: true, description: 'of these every word is taken, listed or not' })
  readonly open: readonly CatalogueKind[];
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'as POST /v1/configuration/apply takes it' })
  readonly document: ConfigurationDocument;
}

/** What requests may name, read from its own stream: it is small. */
@Controller('v1/configuration')
export class ConfigurationController {
  constructor(
    private readonly book: ConfigurationBook,
    private readonly documents: ConfigurationDocuments,
    private readonly engine: Engine,
  ) {}

  @ReadRoute('', readers)
  @ApiOperation({
    operationId: 'getConfiguration',
    summary: 'What requests may name at an instant, and how they are routed.',
  })
  @ApiQuery({ name: 'at', required: false, description: 'an instant, also one to come; left out: now' })
  @ApiOkResponse({ type: ConfigurationAnswer })
  async one(@QueryOf(parameters) { at: asked }: ValuesOf<typeof parameters>): Promise<ConfigurationAnswer> {
    const at = asked ?? this.engine.now().getTime();
    const document = await this.documents.export(at);
    const { catalogues } = (await this.book.standing(at)).configuration;
    const open = catalogueKinds.filter((kind) => !catalogues[kind].isClosed);
    return { at: new Date(at).toISOString(), open, document };
  }
}
