import { Controller } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty } from '@nestjs/swagger';
import { Channel, channels } from '../../../channels/channels';
import { Opened } from '../../../eventing/unsealer';
import { Scope, staff } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { ApiPage, pageParameters, pageRowsUsual } from '../../../platform/http/page-parameters.http';
import { PartyView } from '../conversation/conversation-view.http';
import { writeCursor } from '../page-cursor';
import { placeOf } from '../page-cursor.http';
import { CallerScope, QueryOf, ReadPosition, ReadRoute, ValuesOf } from '../read-route.http';
import { OutboxQuery, OutgoingMessage, subjects } from './outbox.query';

const textOrNull = { type: String, nullable: true } as const;

export class OutgoingView {
  @ApiProperty({ enum: subjects, description: 'what it is about: there its delivery is reported' })
  readonly about: OutgoingMessage['about'];
  @ApiProperty({ example: 'CSR-7K3-M9Q-XA4', description: 'of the request or exception' }) readonly number: string;
  @ApiProperty({ example: '3', description: 'of the message, by which it is reported' }) readonly revision: string;
  @ApiProperty({ enum: channels }) readonly channel: Channel;
  @ApiProperty({ description: 'to be sent under; the same message has the same id' }) readonly messageId: string;
  @ApiProperty(textOrNull) readonly inReplyTo: string | null;
  @ApiProperty({ type: [PartyView], description: 'empty: nobody knows an address' }) readonly to: readonly PartyView[];
  @ApiProperty({ ...textOrNull, description: 'of the request; null for an exception about none' })
  readonly subject: string | null;
  @ApiProperty() readonly text: string;
  @ApiProperty({ type: [String], description: 'ids of the files of the request that it carries' })
  readonly attachments: readonly string[];
  @ApiProperty({ type: String, format: 'date-time', description: 'when it was written' }) readonly since: string;
  @ApiProperty({ description: 'how often it was tried in vain' }) readonly attempts: number;
  @ApiProperty({ format: 'uuid' }) readonly customerId: string;
}

export class OutboxAnswer {
  @ApiProperty({ type: [OutgoingView], description: 'the oldest first' }) readonly items: readonly OutgoingView[];
  @ApiProperty({ description: 'messages that wait, in all pages together' }) readonly total: number;
  @ApiProperty({ ...textOrNull, description: 'null on the last page' }) readonly nextCursor: string | null;
  @ApiProperty({ example: '81745' }) readonly position: string;
}

const viewOf = ({ exchange, addresses, revision, customer, ...message }: Opened<OutgoingMessage>): OutgoingView => ({
  ...{ ...message, revision: String(revision), customerId: customer },
  channel: exchange.channel ?? 'other',
  messageId: exchange.messageId ?? '',
  inReplyTo: exchange.inReplyTo ?? null,
  to: exchange.to?.length
    ? exchange.to.map(({ name = null, address = null }) => ({ name, address }))
    : addresses.slice(0, 1).map((address) => ({ name: null, address })),
  attachments: (exchange.attachments ?? []).map(String),
});

/** The port for whoever carries messages to customers: what waits is read here, and what became of it is reported. */
@Controller('v1/outbox')
export class OutboxController {
  constructor(
    private readonly engine: Engine,
    private readonly outbox: OutboxQuery,
  ) {}

  // All of it is in clear.
  @ReadRoute('', staff)
  @ApiOperation({
    operationId: 'getOutbox',
    summary: 'Messages that wait to be carried to customers, the oldest first.',
  })
  @ApiPage()
  @ApiOkResponse({ type: OutboxAnswer })
  async waiting(
    @CallerScope() scope: Scope,
    @QueryOf(pageParameters) { limit = pageRowsUsual, cursor }: ValuesOf<typeof pageParameters>,
    @ReadPosition() position: string,
  ): Promise<OutboxAnswer> {
    const context = JSON.stringify([this.engine.installation, 'outbox']);
    const { messages, total, next } = await this.outbox.page(scope, placeOf(cursor, context), limit);
    return { items: messages.map(viewOf), total, nextCursor: next ? writeCursor(next, context) : null, position };
  }
}
