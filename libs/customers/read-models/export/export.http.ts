import { Controller, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiProperty } from '@nestjs/swagger';
import { streamOf } from '../../../eventing/event';
import { CurrentCaller } from '../../../platform/auth/auth.guard';
import { Caller, Scope } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { contextOf } from '../../../platform/http/command-context';
import { CallerScope, QueryOf } from '../../../platform/http/read-route.http';
import { CustomerId } from '../../command.http';
import { customerEvolution } from '../../customer';
import { customerCategory } from '../../events';
import { mayExport } from '../../permissions';
import { recordExport } from '../../record-export';
import { ExportFormat } from '../../vocabulary';
import { CustomerReadRoute } from '../read-route.http';
import { CustomerExport, ExportedEvent, ExportedStream } from './customer-export';
import { exportHtml } from './export-html';
import { ExportQuery } from './export.query';

const instant = { type: String, format: 'date-time' } as const;

export class ExportedEventView implements ExportedEvent {
  @ApiProperty({ example: '3' }) readonly revision: string;
  @ApiProperty({ example: 'RequestOpened' }) readonly type: string;
  @ApiProperty({ ...instant, description: 'when it happened' }) readonly occurredAt: string;
  @ApiProperty({ ...instant, description: 'when it was written down' }) readonly recordedAt: string;
  @ApiProperty({ enum: ['customer', 'staff', 'system'] }) readonly by: ExportedEvent['by'];
  @ApiProperty({ type: String, nullable: true, description: 'what part of the system it was' })
  readonly process: string | null;
  @ApiProperty({ type: Object, description: 'the facts, as they were recorded' }) readonly data: object;
}

export class ExportedStreamView implements ExportedStream {
  @ApiProperty({ example: 'request' }) readonly category: string;
  @ApiProperty({ example: 'CSR-7K3-M9Q-XA4' }) readonly key: string;
  @ApiProperty({ type: [ExportedEventView] }) readonly events: readonly ExportedEventView[];
}

export class CustomerExportView implements CustomerExport {
  @ApiProperty({ format: 'uuid' }) readonly customer: string;
  @ApiProperty({ type: [String], description: 'ids of all records that are merged with it, its own among them' })
  readonly customers: readonly string[];
  @ApiProperty(instant) readonly exportedAt: string;
  @ApiProperty() readonly eventCount: number;
  @ApiProperty({ type: [ExportedStreamView] }) readonly streams: readonly ExportedStreamView[];
}

/** All that is held about a person. Each answer is recorded before it is given: who got it, when, and how much it was. */
@Controller('v1/customers')
export class ExportController {
  constructor(
    private readonly exports: ExportQuery,
    private readonly engine: Engine,
  ) {}

  @CustomerReadRoute(':id/export', mayExport)
  @ApiOperation({ operationId: 'exportCustomer', summary: 'All that is held about a person, for that person.' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: CustomerExportView })
  asJson(
    @CallerScope() scope: Scope,
    @CurrentCaller() caller: Caller,
    @CustomerId() id: string,
    @QueryOf({}) _query: object,
  ): Promise<CustomerExportView> {
    return this.give(scope, caller, id, 'json');
  }

  @CustomerReadRoute(':id/export.html', mayExport)
  @ApiOperation({ operationId: 'exportCustomerPage', summary: 'The same as a page for people.' })
  @Header('content-type', 'text/html; charset=utf-8')
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiProduces('text/html')
  @ApiOkResponse({ description: 'a page for people', content: { 'text/html': { schema: { type: 'string' } } } })
  async asHtml(
    @CallerScope() scope: Scope,
    @CurrentCaller() caller: Caller,
    @CustomerId() id: string,
    @QueryOf({}) _query: object,
  ): Promise<string> {
    return exportHtml(await this.give(scope, caller, id, 'html'));
  }

  private async give(scope: Scope, caller: Caller, id: string, format: ExportFormat): Promise<CustomerExport> {
    const now = this.engine.now();
    const given = await this.exports.of(scope, id, now.toISOString());
    const headers = { idempotencyKey: undefined, ifMatch: undefined, traceparent: undefined };
    const { eventCount: events, streams } = given;
    await this.engine.runner.execute({
      ...{ evolution: customerEvolution(id), key: id, expects: 'existing' as const, body: { format } },
      context: contextOf({ caller, target: streamOf(customerCategory, id), headers, now }),
      decide: (state) => recordExport({ format, events, streams: streams.length }, state),
    });
    return given;
  }
}
