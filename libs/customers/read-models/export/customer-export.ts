import { Recorded } from '../../../eventing/event';
import { Opened } from '../../../eventing/unsealer';

/** All that is held about a person, for that person. */
export interface ExportedEvent {
  readonly revision: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  /** Which of the people it was is not told: that is the staff's own. */
  readonly by: 'customer' | 'staff' | 'system';
  /** Name of the process, where it was the system. */
  readonly process: string | null;
  readonly data: object;
}

export interface ExportedStream {
  readonly category: string;
  /** Such as the number of a request. */
  readonly key: string;
  readonly events: readonly ExportedEvent[];
}

export interface CustomerExport {
  readonly customer: string;
  /** Ids of all records that are merged with it, its own among them. */
  readonly customers: readonly string[];
  readonly exportedAt: string;
  readonly eventCount: number;
  readonly streams: readonly ExportedStream[];
}

const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const exportedEvent = (
  { revision, type, data, metadata }: Opened<Recorded> | Recorded,
  customers: ReadonlySet<string>,
): ExportedEvent => {
  const { actor, occurredAt, recordedAt } = metadata;
  const by = customers.has(actor) ? 'customer' : idPattern.test(actor) ? 'staff' : 'system';
  return {
    ...{ revision: String(revision), type, occurredAt, recordedAt, by },
    ...{ process: by === 'system' ? actor : null, data },
  };
};
