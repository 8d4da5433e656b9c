import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../eventing/failures';
import { tableOf } from '../../../eventing/projections/projection';
import { Opened } from '../../../eventing/unsealer';
import { Scope } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { exceptionProjection, ExceptionRow } from './exception.projection';

export interface FoundException {
  readonly number: string;
  readonly revision: number;
  readonly row: Opened<ExceptionRow>;
}

interface Selected extends Omit<FoundException, 'row'> {
  readonly row: ExceptionRow;
}

export interface ExceptionFilter {
  readonly status?: readonly string[] | undefined;
  readonly class?: readonly string[] | undefined;
  readonly kind?: string | undefined;
  readonly category?: string | undefined;
  readonly product?: string | undefined;
  readonly cause?: string | undefined;
  /** Ids. */
  readonly owner?: string | undefined;
  readonly customer?: string | undefined;
  /** Exact number of a request. */
  readonly request?: string | undefined;
}

/** By what past exceptions are alike. */
export interface Likeness {
  readonly kind: string;
  readonly category: string | null;
  readonly product: string | null;
  readonly cause: string | null;
}

export interface Page {
  readonly offset: number;
  readonly limit: number;
}

export interface FoundPage {
  readonly items: readonly FoundException[];
  readonly total: number;
}

const table = tableOf(exceptionProjection);

const conditionsOf = ({
  request,
  ...filter
}: ExceptionFilter): { readonly sql: string; readonly values: unknown[] } => {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  const conditions = given.map(([name, value], index) =>
    Array.isArray(value) ? `${name} = any($${index + 1})` : `${name} = $${index + 1}`,
  );
  const values: unknown[] = given.map(([, value]) => value);
  if (request !== undefined) {
    values.push(JSON.stringify([request]));
    conditions.push(`row -> 'state' -> 'requests' @> $${values.length}::jsonb`);
  }
  return { sql: conditions.length ? conditions.join(' and ') : 'true', values };
};

// What is empty is like nothing.
const alike = `kind = $1 and (category = $2 or product = $3 or cause = $4) and key <> $5`;

@Injectable()
export class ExceptionQuery {
  constructor(private readonly engine: Engine) {}

  /** @param number exact @throws NotFound for what is not there or may not be seen */
  async find(scope: Scope, number: string): Promise<FoundException> {
    const { rows } = await this.engine.pool.query<Selected>({
      name: 'exception',
      text: `
        select key as number, revision, row from ${table}
        where key = $1 and ($2::text is null or customer = $2) order by key limit 1`,
      values: [number, scope.customer],
    });
    if (!rows[0]) throw new NotFound();
    return { ...rows[0], row: await this.engine.unsealer.open(rows[0].row, scope.personal) };
  }

  /** The newest first. */
  list(scope: Scope, filter: ExceptionFilter, page: Page): Promise<FoundPage> {
    const customer = scope.customer ?? filter.customer;
    const { sql, values } = conditionsOf({ ...filter, customer });
    return this.page(scope, sql, values, page);
  }

  /** Exceptions of the same kind with the same category, product or cause; the newest first. @param except number of the one itself */
  recurrences(scope: Scope, like: Likeness, except: string, page: Page): Promise<FoundPage> {
    return this.page(scope, alike, [like.kind, like.category, like.product, like.cause, except], page);
  }

  private async page(scope: Scope, where: string, values: readonly unknown[], page: Page): Promise<FoundPage> {
    const { pool, unsealer } = this.engine;
    const [{ rows }, count] = await Promise.all([
      pool.query<Selected>(
        `select key as number, revision, row from ${table} where ${where}
         order by opened_at desc, key desc limit $${values.length + 1} offset $${values.length + 2}`,
        [...values, page.limit, page.offset],
      ),
      pool.query<{ total: string }>(`select count(*) as total from ${table} where ${where}`, [...values]),
    ]);
    const opened = await unsealer.open(rows, scope.personal);
    return { items: opened as readonly FoundException[], total: Number(count.rows[0]?.total ?? 0) };
  }
}
