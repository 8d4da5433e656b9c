import { CommandRunner } from '../eventing/command-runner';
import { customerEvolution } from './customer';

/** Which kind of customer somebody is, from their own stream. */
export class CustomerSegments {
  constructor(private readonly runner: CommandRunner) {}

  async of(customer: string): Promise<string | null> {
    const { state } = await this.runner.load(customerEvolution(customer), customer);
    return state.status === 'active' ? state.segment : null;
  }
}
