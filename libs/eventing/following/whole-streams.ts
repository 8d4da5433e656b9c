import { Pool } from 'pg';
import { categoryOf } from '../event';
import { LoggedEvent } from '../projections/mirror';
import { readLogPage, readStreams } from '../projections/projection-store.adapter';

/** The mirror's streams of one category, page after page, each whole. The page behind the one that is worked on is read meanwhile. */
const eventsPerPage = 5_000;
const revisionMax = 2_147_483_647;

export class WholeStreams {
  private ahead: { readonly after: string; readonly page: Promise<readonly LoggedEvent[]> } | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly category: string,
  ) {}

  /** The next streams behind one, each with all that the mirror has of it. @param after empty for the first */
  async next(after: string): Promise<readonly LoggedEvent[]> {
    const known = this.ahead?.after === after ? this.ahead.page : undefined;
    const page = await (known ?? this.read(after));
    const last = page.at(-1)?.stream;
    this.ahead = last === undefined ? undefined : { after: last, page: this.read(last) };
    // Whoever stops before it is needed does not hear how it ends.
    this.ahead?.page.catch(() => undefined);
    return page;
  }

  private async read(after: string): Promise<readonly LoggedEvent[]> {
    const from = { stream: after || `${this.category}-`, revision: revisionMax };
    const page = await readLogPage(this.pool, from, eventsPerPage);
    const own = page.filter(({ stream }) => categoryOf(stream) === this.category);
    const [first, last] = [own[0], page.at(-1)];
    if (page.length < eventsPerPage || !first || !last) return own;
    const whole = own.filter(({ stream }) => stream !== last.stream);
    return whole.length ? whole : readStreams(this.pool, [first.stream]);
  }
}
