import { Erasure } from '../../libs/customers/processes/complete-erasure/complete-erasure.process';
import { ErasureCertification } from '../../libs/customers/processes/certify-erasure/certify-erasure.process';
import { RetentionKeeping } from '../../libs/customers/processes/keep-retention/keep-retention.process';
import { ContactIndexing } from '../../libs/customers/processes/index-contacts/index-contacts.process';
import { SurvivorNaming } from '../../libs/customers/processes/name-survivor/name-survivor.process';
import { CustomerRegistration } from '../../libs/customers/processes/register-customer/register-customer.process';
import { SelfAudit } from '../../libs/eventing/audit/self-audit';
import { AnyProjection } from '../../libs/eventing/projections/projection';
import { ProjectionRunner } from '../../libs/eventing/projections/projection-runner';
import { ProcessRunner } from '../../libs/eventing/processes/process-runner';
import { Clock, TimerRunner } from '../../libs/eventing/processes/timer-runner';
import { RuleFiring } from '../../libs/automation/fire-rule.handler';
import { RuleTimers } from '../../libs/automation/processes/quiet/quiet.process';
import { AutomationProcess } from '../../libs/automation/processes/react/automation.process';
import { BulkRun } from '../../libs/bulk/processes/run-bulk/run-bulk.process';
import { ExceptionTimers } from '../../libs/exceptions/processes/expire/expire.process';
import { recordRebuilds } from '../../libs/platform/engine/record-rebuilds.process';
import { RelationCarrier } from '../../libs/requests/carrying.handler';
import { relationCarrying } from '../../libs/requests/processes/carry-relations/carry-relations.process';
import { SplitCompletion } from '../../libs/requests/processes/complete-split/complete-split.process';
import { DraftEnding } from '../../libs/requests/processes/end-drafts/end-drafts.process';
import { ChildResolution } from '../../libs/requests/processes/resolve-children/resolve-children.process';
import { ServiceLevelCorrection } from '../../libs/requests/processes/correct-service-levels/correct-service-levels.process';
import { WorkDistribution } from '../../libs/requests/processes/distribute-work/distribute-work.process';
import { WorkReturn } from '../../libs/requests/processes/return-work/return-work.process';
import { Redaction } from '../../libs/requests/processes/complete-redaction/complete-redaction.process';
import { FileRemoval } from '../../libs/requests/processes/remove-files/remove-files.process';
import { FileSweep } from '../../libs/requests/processes/remove-files/sweep-files.process';
import { EscalationChain } from '../../libs/requests/processes/escalate-service-levels/escalate-service-levels.process';
import { ServiceLevelTimers } from '../../libs/requests/processes/tell-service-levels/tell-service-levels.process';
import { pointReportingViews } from '../../libs/requests/reporting/point-reporting-views.adapter';
import { SearchIndexer } from '../../libs/eventing/search/search-indexer';
import { searchIndexes } from '../../libs/requests/read-models/projections';
import { VersionFollower } from '../../libs/eventing/temporal/version-follower';
import { Trouble, troubleOf } from '../../libs/eventing/trouble';
import { Adapters } from '../adapters';
import { categories } from '../domain';

/** The role `worker`: follows the log, keeps the read models, and reacts to what it sees. */
export class Worker {
  readonly projections: ProjectionRunner;
  private troubled: Trouble | undefined;
  private readonly processes: ProcessRunner;
  private readonly timers: readonly TimerRunner[];
  private readonly audit: SelfAudit;
  private readonly versions: VersionFollower;
  private readonly sweep: FileSweep;
  private readonly search: SearchIndexer;

  constructor(
    adapters: Adapters,
    projections: readonly AnyProjection[],
    clock: Clock,
    onFailure: (part: string, error: unknown) => void,
  ) {
    const { engine, contacts, identity, book, directory, orders, attachments, configuration, rules, cases, customers } =
      adapters;
    const { store, pool, types, build, installation } = engine;
    const firing = new RuleFiring(engine, orders, cases, customers);
    this.projections = new ProjectionRunner({
      ...{ store, pool, types, build, projections, categories },
      prepare: async (events) => {
        await Promise.all([book.prepare(events), configuration.prepare(events)]);
      },
      onFailure: (error) => {
        this.troubled = troubleOf(error);
        onFailure('projections', error);
      },
    });
    const erasure = new Erasure(engine, contacts, identity);
    const retention = new RetentionKeeping(engine, erasure);
    const managers = [
      new CustomerRegistration(engine).process(),
      new ContactIndexing(engine, contacts).process(),
      new SurvivorNaming(identity).process(),
      erasure.process(),
      new ErasureCertification(engine).process(),
      retention.process(),
      new Redaction(engine).process(),
      new FileRemoval(engine, attachments).process(),
      new ServiceLevelCorrection(engine, book).process(),
      new EscalationChain(engine).process(),
      new BulkRun(engine, orders).process(),
      new AutomationProcess(rules, cases, firing).process(),
      relationCarrying(new RelationCarrier(engine)),
      new SplitCompletion(engine).process(),
      new DraftEnding(engine).process(),
      new ChildResolution(engine).process(),
    ];
    this.projections.on('leading', () => {
      pointReportingViews(pool).catch((error: unknown) => onFailure('reporting', error));
      recordRebuilds(engine).catch((error: unknown) => onFailure('rebuilds', error));
    });
    const leads = (): boolean => this.projections.leads;
    this.processes = new ProcessRunner(managers, { pool, types, leads, onFailure });
    const passed = (position: bigint): Promise<unknown> => engine.positions.passed(position);
    const timed = [
      new ServiceLevelTimers(engine),
      new ExceptionTimers(engine),
      new WorkDistribution(engine, book, directory),
      new WorkReturn(engine),
      retention,
      new RuleTimers(engine, rules, book, firing),
    ];
    this.timers = timed.map((part) => new TimerRunner(part.timers(), { clock, leads, passed, onFailure }));
    this.versions = new VersionFollower({
      ...{ pool, types, projections, leads },
      onFailure: (error) => onFailure('versions', error),
    });
    this.sweep = new FileSweep({
      ...{ engine, store: attachments.store, leads },
      onFailure: (error) => onFailure('files', error),
    });
    this.search = new SearchIndexer({
      ...{ pool, types, leads, keyStore: engine.keyStore, keys: engine.keys, unsealer: engine.unsealer },
      indexes: searchIndexes,
      isBusy: () => this.projections.isCatchingUp,
      onFailure: (error) => onFailure('search', error),
    });
    this.audit = new SelfAudit({
      ...{ store, pool, types, installation, projections, categories, leads },
      onFailure: (error) => onFailure('self-audit', error),
    });
  }

  /** What the projections were last kept from their work by, until they get on with it. */
  get trouble(): Trouble | undefined {
    return this.troubled;
  }

  start(): void {
    this.projections.on('leading', () => (this.troubled = undefined));
    this.projections.on('committed', ({ sequence }) => {
      this.processes.nudge(sequence);
      for (const timers of this.timers) timers.nudge();
      this.versions.nudge();
      this.search.nudge();
    });
    this.projections.start();
    this.processes.start();
    for (const timers of this.timers) timers.start();
    this.versions.start();
    this.search.start();
    this.audit.start();
    this.sweep.start();
  }

  async stop(): Promise<void> {
    const followers = [this.sweep, this.audit, this.search, this.versions];
    await Promise.all([...followers, ...this.timers, this.processes, this.projections].map((part) => part.stop()));
  }
}
