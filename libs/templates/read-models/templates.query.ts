import { Injectable } from '@nestjs/common';
import { tableOf } from '../../eventing/projections/projection';
import { Engine } from '../../platform/engine/engine';
import { templateProjection, TemplateRow } from './template.projection';

export interface FoundTemplates {
  readonly templates: readonly { readonly id: string; readonly row: TemplateRow }[];
  readonly total: number;
}

const table = tableOf(templateProjection);

/** Templates in use. */
@Injectable()
export class TemplateQuery {
  constructor(private readonly engine: Engine) {}

  /** @param after id that the page begins behind, '' for the first */
  async active(after: string, templatesMax: number): Promise<FoundTemplates> {
    const [page, count] = await Promise.all([
      this.engine.pool.query<FoundTemplates['templates'][number]>({
        name: 'templates',
        text: `select key as id, row from ${table} where not retired and key > $1 order by key limit $2`,
        values: [after, templatesMax],
      }),
      this.engine.pool.query<{ total: number }>({
        name: 'templates-total',
        text: `select count(*)::int as total from ${table} where not retired`,
      }),
    ]);
    return { templates: page.rows, total: count.rows[0]?.total ?? 0 };
  }
}
