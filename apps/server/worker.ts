import { Erasure } from '../../libs/customers/processes/complete-erasure/complete-erasure.process';
import { ErasureCertification } from '../../libs/customers/processes/certify-erasure/certify-erasure.process';
import { RetentionKeeping } from '../../libs/customers/processes/keep-retention/keep-retention.process';
import { ContactIndexing } from '../../libs/customers/processes/index-contacts/index-contacts.process';
import { SurvivorNaming } from '../../libs/customers/processes/name-survivor/name-survivor.process';
import { CustomerRegistration } from '../../libs/customers/processes/register-customer/register-customer.process';
import { ProcessRunner } from '../../libs/eventing/processes/process-runner';
import { Clock, TimerRunner } from '../../libs/eventing/processes/timer-runner';
import { RuleFiring } from '../../libs/automation/fire-rule.handler';
import { RuleTimers } from '../../libs/automation/processes/quiet/quiet.process';
import { AutomationProcess } from '../../libs/automation/processes/react/automation.process';
import { BulkRun } from '../../libs/bulk/processes/run-bulk/run-bulk.process';
import { ExceptionTimers } from '../../libs/exceptions/processes/expire/expire.process';
import { Engine } from '../../libs/platform/engine/engine';
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
import { Adapters } from '../adapters';
import { Keeper, OnFailure } from './keeper';

/** The role `worker`: has the read models kept, and reacts to what they have come to hold. */
export class Worker {
  private readonly processes: ProcessRunner;
  private readonly timers: readonly TimerRunner[];
  private readonly sweep: FileSweep;
  private readonly engine: Engine;

  constructor(
    adapters: Adapters,
    readonly keeper: Keeper,
    clock: Clock,
    private readonly onFailure: OnFailure,
  ) {
    const { engine, contacts, identity, book, directory, orders, attachments, rules, cases, customers } = adapters;
    const { pool, types } = engine;
    this.engine = engine;
    const firing = new RuleFiring(engine, orders, cases, customers);
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
    const leads = (): boolean => keeper.state.leads;
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
    this.sweep = new FileSweep({
      ...{ engine, store: attachments.store, leads },
      onFailure: (error) => onFailure('files', error),
    });
  }

  start(): void {
    this.keeper.start({
      leading: () => {
        recordRebuilds(this.engine).catch((error: unknown) => this.onFailure('rebuilds', error));
      },
      committed: (sequence) => {
        this.engine.positions.moved();
        this.processes.nudge(sequence);
        for (const timers of this.timers) timers.nudge();
      },
    });
    for (const part of this.parts) part.start();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.parts, this.keeper].map((part) => part.stop()));
  }

  private get parts() {
    return [this.processes, ...this.timers, this.sweep];
  }
}
