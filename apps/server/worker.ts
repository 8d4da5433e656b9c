import { Erasure } from '../../libs/customers/processes/complete-erasure/complete-erasure.process';
import { CustomerRegistration } from '../../libs/customers/processes/register-customer/register-customer.process';
import { AnyProjection } from '../../libs/eventing/projections/projection';
import { ProjectionRunner } from '../../libs/eventing/projections/projection-runner';
import { ProcessRunner } from '../../libs/eventing/processes/process-runner';
import { recordRebuilds } from '../../libs/platform/engine/record-rebuilds.process';
import { Redaction } from '../../libs/requests/processes/complete-redaction/complete-redaction.process';
import { Adapters } from '../adapters';
import { categories } from '../domain';

/** The role `worker`: follows the log, keeps the read models, and reacts to what it sees. */
export class Worker {
  readonly projections: ProjectionRunner;
  private readonly processes: ProcessRunner;

  constructor(
    { engine, contacts }: Adapters,
    projections: readonly AnyProjection[],
    onFailure: (part: string, error: unknown) => void,
  ) {
    const { store, pool, types, build } = engine;
    this.projections = new ProjectionRunner({
      ...{ store, pool, types, build, projections, categories },
      onFailure: (error) => onFailure('projections', error),
    });
    const managers = [
      new CustomerRegistration(engine, contacts).process(),
      new Erasure(engine, contacts).process(),
      new Redaction(engine).process(),
    ];
    this.projections.on('leading', () => {
      recordRebuilds(engine).catch((error: unknown) => onFailure('rebuilds', error));
    });
    this.processes = new ProcessRunner(managers, { pool, types, leads: () => this.projections.leads, onFailure });
  }

  start(): void {
    this.projections.on('committed', () => this.processes.nudge());
    this.projections.start();
    this.processes.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.processes.stop(), this.projections.stop()]);
  }
}
