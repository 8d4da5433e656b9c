import { CommandRunner } from '../eventing/command-runner';
import { Rejection } from '../eventing/rejection';
import { customerEvolution } from './customer';

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
}
