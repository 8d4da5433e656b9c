import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../eventing/failures';
import { PersonalText } from '../../../eventing/sealed';
import { Opened } from '../../../eventing/unsealer';
import { Scope } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { CustomerRecord } from '../../customer';
import { membersSql } from '../members.query';
import { exceptionsPart, feedbackPart } from './exception-parts.query';
import { OverviewPart } from './overview-part';
import { organisationPart, peoplePart, recordsPart } from './record-parts.query';
import { contactsPart, promisesPart, requestsPart } from './request-parts.query';

/**
 * Everything about one customer in one query, however many read models it comes from. What is shown of a merged customer is the
 * union over all who are merged, so that it comes apart with them. A further part is one line here and its SQL.
 */
const parts: readonly OverviewPart<keyof Found>[] = [
  recordsPart,
  organisationPart,
  peoplePart,
  requestsPart,
  promisesPart,
  contactsPart,
  exceptionsPart,
  feedbackPart,
];

interface List<Item> {
  readonly total: number;
  readonly items: readonly Item[];
}

export interface FoundRecord {
  readonly id: string;
  readonly revision: string;
  readonly row: CustomerRecord;
}

export interface Found {
  /** Null when there is no such customer. */
  readonly records: readonly FoundRecord[] | null;
  readonly organisation: { readonly id: string; readonly name: PersonalText | null } | null;
  readonly people: List<{ readonly id: string; readonly name: PersonalText | null; readonly title: string | null }>;
  readonly requests: List<{
    readonly number: string;
    readonly customer: string;
    readonly status: string;
    readonly priority: string;
    readonly type: string;
    readonly subject: PersonalText;
    readonly openedAt: string;
    readonly updatedAt: string;
    readonly dueAt: string | null;
  }> & { readonly open: number };
  readonly promises: List<{ readonly number: string; readonly metric: string; readonly dueAt: string }>;
  readonly contacts: List<{
    readonly number: string;
    readonly revision: string;
    readonly by: 'staff' | 'customer';
    readonly channel: string | null;
    readonly at: string;
  }>;
  readonly exceptions: List<{
    readonly number: string;
    readonly status: string;
    readonly kind: string;
    readonly what: PersonalText;
    readonly openedAt: string;
    readonly dueAt: string | null;
  }> & { readonly open: number };
  readonly feedback: List<{
    readonly number: string;
    readonly from: 'staff' | 'customer';
    readonly rating: number;
    readonly text: PersonalText | null;
    readonly at: string;
  }>;
}

export type OpenedOverview = Omit<Opened<Found>, 'records'> & { readonly records: readonly Opened<FoundRecord>[] };

const tables = parts.flatMap((part) => Object.entries(part.tables ?? {}));

const overviewSql = `
  with recursive ${[membersSql, ...tables.map(([name, sql]) => `${name} as materialized (${sql})`)].join(',\n')}
  select ${parts.map(({ name, sql }) => `${sql} as "${name}"`).join(',\n')}`;

@Injectable()
export class OverviewQuery {
  constructor(private readonly engine: Engine) {}

  /** @throws NotFound for who is not there or may not be seen */
  async of(scope: Scope, id: string): Promise<OpenedOverview> {
    const isOwn = scope.customer !== undefined;
    if (isOwn && scope.customer !== id) throw new NotFound();
    const { rows } = await this.engine.pool.query<Found>({
      name: 'customer-overview',
      text: overviewSql,
      values: [id, isOwn],
    });
    const [found] = rows;
    if (!found?.records) throw new NotFound();
    const { records, ...others } = await this.engine.unsealer.open(
      { ...found, records: found.records },
      scope.personal,
    );
    return { ...others, records };
  }
}
