import { Route } from './events';
import { isOurs, LoopSign } from './loop-signs';

/** A case that a message may belong to. */
export interface Candidate {
  readonly number: string;
  readonly isFromCustomer: boolean;
  /** What its customer says is said in it, and takes it up again if it has ended. */
  readonly isOpenToCustomer: boolean;
}

export interface Findings {
  readonly sign: LoopSign | undefined;
  /** The case of a message that it answers: known by an id that nobody can guess. */
  readonly answered: Candidate | undefined;
  /** A case whose number stands in its words. */
  readonly named: Candidate | undefined;
}

const toCase = ({ number, isFromCustomer, isOpenToCustomer }: Candidate): Route => {
  if (!isFromCustomer) return { to: 'case', number, as: 'third-party' };
  if (isOpenToCustomer) return { to: 'case', number, as: 'customer' };
  return { to: 'new-case', followUpOf: number, related: null };
};

/**
 * Where a message goes. Who only names a number is believed when they are its customer; a stranger who does so gets a case of their
 * own, since numbers are passed on and read out.
 */
export const routeOf = ({ sign, answered, named }: Findings): Route => {
  const own = answered ?? (named?.isFromCustomer ? named : undefined);
  if (sign !== undefined && (!own || isOurs(sign))) return { to: 'nobody', sign };
  if (sign !== undefined && own) return { to: 'case', number: own.number, as: 'automatic' };
  if (own) return toCase(own);
  return { to: 'new-case', followUpOf: null, related: named?.number ?? null };
};
