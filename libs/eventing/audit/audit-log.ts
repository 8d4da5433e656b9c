import { readProgress } from '../projections/projection-store.adapter';
import { countLogged, recordAudit } from './audit-store.adapter';
import { Audited, Auditing, auditOrphans, auditStreams } from './audit-streams.adapter';
import { Mismatch } from './auditor';

/** Audits many streams at once and keeps what it finds where the self-audit does. */
const streamsPerRound = 20;

export interface AuditReport extends Omit<Audited, 'streams'> {
  readonly streams: number;
  /** Rows and copies were compared up to here: where the read models were. */
  readonly position: string;
  /** Of the whole log: whether the mirror has an event that the log does not have. */
  readonly mirrored?: { readonly events: number; readonly expected: number };
}

class Tally {
  streams = 0;
  events = 0;
  readonly mismatches: Mismatch[] = [];

  constructor(
    private readonly auditing: Auditing,
    private readonly onProgress: (streams: number) => void,
  ) {}

  async audit(streams: readonly string[]): Promise<void> {
    const audited = await auditStreams(this.auditing, streams);
    this.streams += audited.streams.length;
    this.events += audited.events;
    await this.add(audited);
    this.onProgress(this.streams);
  }

  async add(audited: Audited): Promise<void> {
    await recordAudit(this.auditing.pool, audited);
    this.mismatches.push(...audited.mismatches);
  }

  report(): Pick<AuditReport, 'streams' | 'events' | 'mismatches'> {
    const { streams, events, mismatches } = this;
    return { streams, events, mismatches };
  }
}

export const auditSome = async (
  auditing: Auditing,
  streams: readonly string[],
  onProgress: (streams: number) => void = () => undefined,
): Promise<AuditReport> => {
  const tally = new Tally(auditing, onProgress);
  const { position } = await readProgress(auditing.pool);
  for (let from = 0; from < streams.length; from += streamsPerRound)
    await tally.audit(streams.slice(from, from + streamsPerRound));
  return { ...tally.report(), position: String(position) };
};

/** Every stream that the log has, from its first event on, and whether the mirror has more than the log. */
export const auditAll = async (
  auditing: Auditing,
  categories: readonly string[],
  onProgress: (streams: number) => void = () => undefined,
): Promise<AuditReport> => {
  const tally = new Tally(auditing, onProgress);
  const { position } = await readProgress(auditing.pool);
  let [waiting, expected]: [string[], number] = [[], 0];
  for await (const event of auditing.store.readAll(categories)) {
    if (event.position > position) break;
    expected++;
    if (event.revision === 0) waiting.push(event.stream);
    if (waiting.length < streamsPerRound) continue;
    await tally.audit(waiting);
    waiting = [];
  }
  if (waiting.length) await tally.audit(waiting);
  await tally.add(await auditOrphans(auditing));
  return {
    ...tally.report(),
    position: String(position),
    mirrored: { events: await countLogged(auditing.pool, position), expected },
  };
};
