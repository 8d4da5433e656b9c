import { CommandContext, Outcome } from '../eventing/command-runner';
import { Recorded } from '../eventing/event';
import { Unavailable } from '../eventing/failures';
import { Engine } from '../platform/engine/engine';
import { reactionContext } from '../platform/http/command-context';
import { Customer, customerEvolution } from './customer';
import { CustomerEvent, IdentityEvent } from './events';
import { Identity, identityEvolution, identityKey, nameSurvivor, sameAs, unmergeCustomers } from './identity';

export const survivorProcess = 'name-survivor';
const roundsMax = 20;

/** Which customers are one: the stream that decides it, and what follows from it in theirs. */
export class CustomerIdentity {
  constructor(private readonly engine: Engine) {}

  /** Everybody who is the same as this customer, as the log has it now; the survivor first. */
  async sameAs(customer: string): Promise<readonly string[]> {
    return sameAs(await this.current(), customer);
  }

  async current(): Promise<Identity> {
    return (await this.engine.runner.load(identityEvolution, identityKey)).state;
  }

  /** @param owner whom it is about, by whose key a retry is told from another command */
  change(
    body: object,
    context: CommandContext,
    decide: (state: Identity) => readonly IdentityEvent[],
    owner?: string,
  ): Promise<Outcome> {
    return this.engine.runner.execute({
      ...{ evolution: identityEvolution, key: identityKey, expects: 'any' as const, body, context },
      ...{ decide, owner },
    });
  }

  /**
   * Lets the customer's own stream say what the authority says. Safe to repeat: the same cause gives the same command.
   * @param cause event or command that it follows from
   * @returns position of what was recorded, undefined when it was so already
   */
  async tell(customer: string, cause: Cause): Promise<bigint | undefined> {
    let last: bigint | undefined;
    // Whoever was overtaken between looking and telling looks again, so that the last word is what the authority says.
    for (let round = 0; round < roundsMax; round++) {
      const survivor = await this.soundSurvivor(customer, cause);
      last = (await this.nameSurvivor(customer, survivor, cause, round)) ?? last;
      if (((await this.current()).survivors.get(customer) ?? null) === survivor) return last;
    }
    throw new Unavailable('unknown', 'others merge and unmerge this customer at the same time');
  }

  private async nameSurvivor(
    customer: string,
    survivor: string | null,
    cause: Cause,
    round: number,
  ): Promise<bigint | undefined> {
    const { position, events } = await this.engine.runner.execute<Customer, CustomerEvent>({
      ...{ evolution: customerEvolution(customer), key: customer, expects: 'existing' as const, body: {} },
      context: reactionContext(round ? `${survivorProcess}:${round}` : survivorProcess, cause, this.engine.now()),
      decide: (state) => nameSurvivor(survivor, state),
    });
    return events.length ? position : undefined;
  }

  /** A survivor who was erased while others were merged into them stands for nobody: the link is taken back. */
  private async soundSurvivor(customer: string, cause: Cause): Promise<string | null> {
    const survivor = (await this.current()).survivors.get(customer);
    if (survivor === undefined) return null;
    const { state } = await this.engine.runner.load(customerEvolution(survivor), survivor);
    if (state.status === 'active') return survivor;
    const { state: own } = await this.engine.runner.load(customerEvolution(customer), customer);
    // Erased together with the survivor, they stay together.
    if (own.status !== 'active') return survivor;
    await this.change(
      { customer },
      reactionContext(`${survivorProcess}:erased`, cause, this.engine.now()),
      (identity) =>
        identity.survivors.get(customer) === survivor
          ? unmergeCustomers({ customer, reason: 'survivor erased' }, identity)
          : [],
    );
    return null;
  }
}

type Cause = Pick<Recorded, 'id'> & { readonly metadata: Pick<Recorded['metadata'], '$correlationId'> };
