import { AttachmentStore } from '../../libs/attachments/attachment-store';
import { SelfAudit } from '../../libs/eventing/audit/self-audit';
import { ProjectionRunner } from '../../libs/eventing/projections/projection-runner';
import { SearchIndexer } from '../../libs/eventing/search/search-indexer';
import { VersionFollower } from '../../libs/eventing/temporal/version-follower';
import { Trouble, troubleOf } from '../../libs/eventing/trouble';
import { requestProjections, searchIndexes } from '../../libs/requests/read-models/projections';
import { pointReportingViews } from '../../libs/requests/reporting/point-reporting-views.adapter';
import { Adapters } from '../adapters';
import { auditorsOf } from '../auditors';
import { categories } from '../domain';
import { Keeper, KeeperListener, KeeperState, OnFailure } from './keeper';

export interface ReadModelKeeperParts extends Pick<Adapters, 'engine' | 'book' | 'configuration'> {
  /** Where the files lie that are audited with the read models. */
  readonly files: AttachmentStore;
}

/** Keeps the read models in the thread that made it. */
export class ReadModelKeeper implements Keeper {
  private readonly projections: ProjectionRunner;
  private readonly versions: VersionFollower;
  private readonly search: SearchIndexer;
  private readonly audit: SelfAudit;
  private trouble: Trouble | undefined;

  constructor({ engine, book, configuration, files }: ReadModelKeeperParts, onFailure: OnFailure) {
    const { store, pool, types, build } = engine;
    const projections = requestProjections;
    const leads = (): boolean => this.projections.leads;
    const isBusy = (): boolean => this.projections.isCatchingUp;
    this.projections = new ProjectionRunner({
      ...{ store, pool, types, build, projections, categories },
      prepare: async (events) => {
        await Promise.all([book.prepare(events), configuration.prepare(events)]);
      },
      onFailure: (error) => {
        this.trouble = troubleOf(error);
        onFailure('projections', error);
      },
    });
    this.projections.on('leading', () => {
      this.trouble = undefined;
      pointReportingViews(pool).catch((error: unknown) => onFailure('reporting', error));
    });
    this.versions = new VersionFollower({
      ...{ pool, types, projections, leads, isBusy },
      onFailure: (error) => onFailure('versions', error),
    });
    this.search = new SearchIndexer({
      ...{ pool, types, leads, isBusy, keyStore: engine.keyStore, keys: engine.keys, unsealer: engine.unsealer },
      indexes: searchIndexes,
      onFailure: (error) => onFailure('search', error),
    });
    this.audit = new SelfAudit({
      ...{ store, pool, auditors: auditorsOf(engine, files), categories, leads },
      onFailure: (error) => onFailure('self-audit', error),
    });
  }

  get state(): KeeperState {
    const { leads, diverged, fenced } = this.projections;
    return { leads, isDiverged: diverged !== undefined, fenced, trouble: this.trouble };
  }

  start({ leading, committed }: KeeperListener): void {
    this.projections.on('leading', leading);
    this.projections.on('committed', ({ sequence }) => {
      committed(sequence);
      this.versions.nudge();
      this.search.nudge();
    });
    for (const part of this.parts) part.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.parts.map((part) => part.stop()));
  }

  private get parts() {
    return [this.projections, this.versions, this.search, this.audit];
  }
}
