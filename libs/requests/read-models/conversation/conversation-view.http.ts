import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Channel, channels } from '../../../channels/channels';
import { SendingView, sendingView } from '../../../channels/delivery.http';
import { ScanVerdict, scanVerdicts } from '../../../attachments/scanner';
import { Opened } from '../../../eventing/unsealer';
import { Scope } from '../../../platform/auth/caller';
import { Worked } from '../../event-values';
import { directions, Direction } from '../../vocabulary';
import { ConversationRow, FileRow, plus } from './conversation.projection';
import { ConversationPage } from './conversation.query';
import { exchangeKinds, ExchangeKind } from './exchange';

const instant = { type: String, format: 'date-time' } as const;
const textOrNull = { type: String, nullable: true } as const;

export class PartyView {
  @ApiProperty(textOrNull) readonly name: string | null;
  @ApiProperty(textOrNull) readonly address: string | null;
}

export class WorkedView {
  @ApiProperty() readonly talkSeconds: number;
  @ApiProperty() readonly holdSeconds: number;
  @ApiProperty() readonly wrapUpSeconds: number;
}

export class AgentWorkedView extends WorkedView {
  @ApiProperty({ description: 'handle, or the id of one who is not known' }) readonly agent: string;
  @ApiProperty() readonly agentId: string;
}

export class ScanView {
  @ApiProperty({ enum: scanVerdicts }) readonly verdict: ScanVerdict;
  @ApiProperty({ example: 'none', description: 'which scanner looked; none: nobody did' }) readonly by: string;
}

export class AttachmentView {
  @ApiProperty({ example: '7' }) readonly id: string;
  @ApiProperty() readonly name: string;
  @ApiProperty({ example: 'image/png', description: 'what the bytes look like' }) readonly mediaType: string;
  @ApiProperty() readonly bytes: number;
  @ApiProperty({ enum: ['available', 'quarantined', 'redacted'] })
  readonly state: 'available' | 'quarantined' | 'redacted';
  @ApiProperty({ type: ScanView }) readonly scan: ScanView;
  @ApiPropertyOptional({ description: 'of the sealed bytes, hex; for staff only' }) readonly sha256?:
    string | undefined;
}

export class ExchangeView {
  @ApiProperty({ example: 'CSR-7K3-M9Q-XA4', description: 'of the case in which it was said' }) readonly number: string;
  @ApiProperty({ example: '3' }) readonly revision: string;
  @ApiProperty({ enum: exchangeKinds }) readonly kind: ExchangeKind;
  @ApiProperty({ ...textOrNull, enum: directions, description: 'null: among the staff' })
  readonly direction: Direction | null;
  @ApiProperty({ ...textOrNull, enum: channels, description: 'null: nobody said' }) readonly channel: Channel | null;
  @ApiProperty({ description: 'the customer sees it' }) readonly public: boolean;
  @ApiProperty({ description: 'from somebody who is not the customer' }) readonly thirdParty: boolean;
  @ApiProperty({ description: 'written by a machine' }) readonly automatic: boolean;
  @ApiProperty({ ...textOrNull, description: 'null: one of the staff, whom customers are not told' })
  readonly actorId: string | null;
  @ApiProperty(textOrNull) readonly actor: string | null;
  @ApiProperty({ ...instant, description: 'when it happened' }) readonly at: string;
  @ApiProperty(textOrNull) readonly subject: string | null;
  @ApiProperty(textOrNull) readonly text: string | null;
  @ApiProperty({ type: PartyView, nullable: true }) readonly from: PartyView | null;
  @ApiProperty({ type: [PartyView] }) readonly to: readonly PartyView[];
  @ApiProperty(textOrNull) readonly messageId: string | null;
  @ApiProperty(textOrNull) readonly inReplyTo: string | null;
  @ApiProperty({ type: [AttachmentView] }) readonly attachments: readonly AttachmentView[];
  @ApiProperty({ type: Number, nullable: true, description: 'of feedback: 1 to 5' }) readonly rating: number | null;
  @ApiPropertyOptional({ type: WorkedView, description: 'for staff only' }) readonly worked?: WorkedView | undefined;
  @ApiPropertyOptional({ type: SendingView, description: 'of what is to be carried to the customer; for staff only' })
  readonly sending?: SendingView | undefined;
}

/** Everything that was said about a case, on every channel. */
export class ConversationAnswer {
  @ApiProperty({ example: 'CSR-7K3-M9Q-XA4' }) readonly number: string;
  @ApiProperty({ example: '3', description: 'of the newest event' }) readonly revision: string;
  @ApiProperty({ type: [ExchangeView] }) readonly items: readonly ExchangeView[];
  @ApiProperty({ description: 'of those that the caller may see' }) readonly total: number;
  @ApiProperty({ ...textOrNull, description: 'null on the last page' }) readonly nextCursor: string | null;
  @ApiPropertyOptional({ type: WorkedView, description: 'all of it; for staff only' })
  readonly worked?: WorkedView | undefined;
  @ApiPropertyOptional({ type: [AgentWorkedView], description: 'for staff only' })
  readonly workedByAgent?: readonly AgentWorkedView[] | undefined;
  @ApiProperty({ example: '81745' }) readonly position: string;
}

export const stateOf = ({
  isRedacted,
  scan,
}: Pick<FileRow, 'isRedacted' | 'scan'>): 'available' | 'quarantined' | 'redacted' => {
  if (isRedacted) return 'redacted';
  return scan.verdict === 'refused' ? 'quarantined' : 'available';
};

const attachmentView = ({ internal }: Scope, file: Opened<FileRow>): AttachmentView => ({
  id: String(file.revision),
  name: file.name,
  mediaType: file.mediaType,
  bytes: file.content.bytes,
  state: stateOf(file),
  scan: file.scan,
  sha256: internal ? file.content.sha256 : undefined,
});

interface OpenedParty {
  readonly name?: string | undefined;
  readonly address?: string | undefined;
}

const partyView = ({
  name = null,
  address = null,
}: { readonly [K in keyof OpenedParty]?: string | null }): PartyView => ({
  name,
  address,
});

type Shown = ConversationPage['utterances'][number];

const filesOf = (row: Opened<ConversationRow>, revision: number, carried: readonly number[]) =>
  row.files.filter((file) => file.revision === revision || file.about === revision || carried.includes(file.revision));

const directionOf = ({ kind, isByCustomer }: Shown): Direction | null => {
  if (isByCustomer || kind === 'opening') return 'in';
  return kind === 'response' || kind === 'resolution' ? 'out' : null;
};

const sendingAt = ({ sent }: Opened<ConversationRow>, revision: number): SendingView | undefined => {
  const found = sent.find((each) => each.revision === revision);
  return found && sendingView(found);
};

export const exchangeView = (
  scope: Scope,
  row: Opened<ConversationRow>,
  shown: Shown,
  handles: ReadonlyMap<string, string>,
): ExchangeView => {
  const { number, revision, kind, actor, at, subject, text, rating, exchange } = shown;
  const files = filesOf(row, revision, exchange?.attachments ?? []).filter((file) => scope.internal || file.isPublic);
  return {
    ...{ number, revision: String(revision), kind, at, subject, text, rating },
    direction: exchange?.direction ?? directionOf(shown),
    channel: exchange?.channel ?? (actor === row.customer ? 'portal' : null),
    public: shown.isPublic,
    thirdParty: exchange?.isThirdParty === true,
    automatic: exchange?.isAutomatic === true,
    actorId: scope.internal || actor === row.customer ? actor : null,
    actor: handles.get(actor) ?? null,
    from: exchange?.from ? partyView(exchange.from) : null,
    to: (exchange?.to ?? []).map(partyView),
    messageId: exchange?.messageId ?? null,
    inReplyTo: exchange?.inReplyTo ?? null,
    attachments: files.map((file) => attachmentView(scope, file)),
    worked: scope.internal ? exchange?.worked : undefined,
    sending: scope.internal ? sendingAt(row, revision) : undefined,
  };
};

const none: Worked = { talkSeconds: 0, holdSeconds: 0, wrapUpSeconds: 0 };

/** Altogether, and by who worked it. */
export const workedView = (
  rows: readonly Pick<Opened<ConversationRow>, 'worked'>[],
  handles: ReadonlyMap<string, string>,
): Pick<ConversationAnswer, 'worked' | 'workedByAgent'> => {
  const byAgent = new Map<string, Worked>();
  for (const { worked } of rows)
    for (const [id, seconds] of Object.entries(worked)) byAgent.set(id, plus(byAgent.get(id), seconds));
  return {
    worked: [...byAgent.values()].reduce(plus, none),
    workedByAgent: [...byAgent].map(([id, seconds]) => ({ agent: handles.get(id) ?? id, agentId: id, ...seconds })),
  };
};
