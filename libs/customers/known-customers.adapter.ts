import { CommandRunner } from '../eventing/command-runner';
import { Rejection } from '../eventing/rejection';
import { customerEvolution } from './customer';
import { identityEvolution, identityKey, sameAs } from './identity';

/** Whether a customer is known and may still be written about, from their own stream. */
export class KnownCustomers {
  constructor(private readonly runner: CommandRunner) {}

  /** @returns the id, exact @throws Rejection UNKNOWN_CUSTOMER or CUSTOMER_ERASED with the pointer of the field that named them */
  async known(text: string, pointer: string): Promise<string> {
    const id = text.toLowerCase();
    const { state } = await this.runner.load(customerEvolution(id), id);
    if (state.status === 'active') return id;
    const code = state.status === 'unknown' ? 'UNKNOWN_CUSTOMER' : 'CUSTOMER_ERASED';
    const detail = 'no customer is known under this id';
    throw new Rejection(code, detail, [{ pointer, code, detail }]);
  }

  /** Whether the processing of this customer's data is restricted, or that of one who was found to be the same. */
  async isRestricted(customer: string): Promise<boolean> {
    const { state: identity } = await this.runner.load(identityEvolution, identityKey);
    const same = await Promise.all(sameAs(identity, customer).map((id) => this.runner.load(customerEvolution(id), id)));
    return same.some(({ state }) => state.status === 'active' && state.restriction !== null);
  }
}
