import { Evolution } from '../eventing/decider';
import { Recorded } from '../eventing/event';
import { LayeredMap } from '../eventing/layered-map';
import { Rejection } from '../eventing/rejection';
import { Customer } from './customer';
import { CustomerEvent, identityCategory, IdentityEvent } from './events';

/**
 * Which customers are one and the same, as links from each merged one to its survivor.
 *
 * Guarantee: the links are a forest. Only who is not merged yet can be merged, and only into one who is not merged either; both are
 * decided on one stream, so that of any number of merges at once the later ones know the earlier. Hence no circle, and everybody
 * leads to exactly one survivor. Taking a link away leaves all others as they were.
 */
export const identityKey = 'customers';
const membersMax = 100;

export interface Identity {
  readonly survivors: LayeredMap<string, string>;
  /** Who was merged into somebody directly, in the order of their merges. */
  readonly merged: LayeredMap<string, readonly string[]>;
}

const nobody: readonly string[] = [];

export const evolveIdentity = (state: Identity, { type, data }: Recorded<IdentityEvent>): Identity => {
  const { customer, survivor } = data;
  const others = (state.merged.get(survivor) ?? nobody).filter((each) => each !== customer);
  const isMerged = type === 'CustomersMerged';
  return {
    survivors: state.survivors.with([[customer, isMerged ? survivor : undefined]]),
    merged: state.merged.with([[survivor, isMerged ? [...others, customer] : others]]),
  };
};

export const identityEvolution: Evolution<Identity, IdentityEvent> = {
  category: identityCategory,
  initialState: { survivors: LayeredMap.empty(), merged: LayeredMap.empty() },
  evolve: evolveIdentity,
  ownerOf: () => undefined,
};

/** Whose record stands for a customer; their own when they are not merged. */
export const survivorOf = ({ survivors }: Identity, customer: string): string => {
  let current = customer;
  for (let next = survivors.get(current); next !== undefined; next = survivors.get(current)) current = next;
  return current;
};

/** A survivor and everybody merged into them, directly or not; the survivor first. */
export const membersOf = (state: Identity, survivor: string): readonly string[] => [
  survivor,
  ...(state.merged.get(survivor) ?? nobody).flatMap((each) => membersOf(state, each)),
];

/** Everybody who is the same as this customer; the survivor first. */
export const sameAs = (state: Identity, customer: string): readonly string[] =>
  membersOf(state, survivorOf(state, customer));

const alreadyMerged = (state: Identity, customer: string): Rejection =>
  new Rejection('CUSTOMER_MERGED', `customer ${customer} is merged into ${survivorOf(state, customer)}`);

export interface MergeCustomers {
  readonly customer: string;
  readonly survivor: string;
  /** A word: what somebody writes about a person belongs into that person's own stream. */
  readonly reason: string;
}

/** Says that two customers are one. The other way round, or in a circle, it is refused; twice is not an error. */
export const mergeCustomers = (command: MergeCustomers, state: Identity): IdentityEvent[] => {
  const { customer, survivor, reason } = command;
  if (customer === survivor) throw new Rejection('MERGE_WITH_ITSELF', 'a customer cannot be merged with itself');
  if (state.survivors.get(customer) === survivor) return [];
  if (state.survivors.get(customer) !== undefined) throw alreadyMerged(state, customer);
  if (state.survivors.get(survivor) !== undefined) throw alreadyMerged(state, survivor);
  if (membersOf(state, customer).length + membersOf(state, survivor).length > membersMax)
    throw new Rejection('TOO_MANY_MERGED', `at most ${membersMax} customers can be one`);
  return [{ type: 'CustomersMerged', data: { customer, survivor, reason } }];
};

/** Says that a customer is not the same as the one it was merged into. */
export const unmergeCustomers = (
  { customer, reason }: Omit<MergeCustomers, 'survivor'>,
  state: Identity,
): IdentityEvent[] => {
  const survivor = state.survivors.get(customer);
  if (survivor === undefined) throw new Rejection('CUSTOMER_NOT_MERGED', 'this customer is merged into nobody');
  return [{ type: 'CustomersUnmerged', data: { customer, survivor, reason } }];
};

/** Lets a customer's own stream say whose record stands for theirs. */
export const nameSurvivor = (survivor: string | null, state: Customer): CustomerEvent[] =>
  state.status === 'unknown' || state.survivor === survivor
    ? []
    : [{ type: 'CustomerSurvivorNamed', data: { survivor } }];
