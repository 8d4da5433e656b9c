import fc from 'fast-check';
import { Rejection } from '../eventing/rejection';
import { recorded, specification } from '../eventing/testing/specification';
import { IdentityEvent } from './events';
import {
  evolveIdentity,
  Identity,
  identityEvolution,
  identityKey,
  mergeCustomers,
  sameAs,
  survivorOf,
  unmergeCustomers,
} from './identity';

const given = specification(identityEvolution, identityKey);
const reason = 'same person';
const merged = (customer: string, survivor: string): IdentityEvent => ({
  type: 'CustomersMerged',
  data: { customer, survivor, reason },
});
const unmerged = (customer: string, survivor: string): IdentityEvent => ({
  type: 'CustomersUnmerged',
  data: { customer, survivor, reason },
});
const merge = (customer: string, survivor: string) => (state: Identity) =>
  mergeCustomers({ customer, survivor, reason }, state);
const unmerge = (customer: string) => (state: Identity) => unmergeCustomers({ customer, reason }, state);

describe('a merge', () => {
  it('links two customers, once', () => {
    given().when(merge('a', 'b')).then(merged('a', 'b'));
    given(merged('a', 'b')).when(merge('a', 'b')).then();
  });
  it('takes along who was merged before', () => given(merged('a', 'b')).when(merge('b', 'c')).then(merged('b', 'c')));
  it('is refused for who is merged, in both places, and with oneself', () => {
    given(merged('a', 'b')).when(merge('a', 'c')).refused('CUSTOMER_MERGED');
    given(merged('a', 'b')).when(merge('c', 'a')).refused('CUSTOMER_MERGED');
    given(merged('a', 'b')).when(merge('b', 'a')).refused('CUSTOMER_MERGED');
    given().when(merge('a', 'a')).refused('MERGE_WITH_ITSELF');
  });
  it('is refused where it would make one of too many', () => {
    const many = Array.from({ length: 99 }, (_, index) => merged(`m${index}`, 'a'));
    given(...many)
      .when(merge('b', 'a'))
      .refused('TOO_MANY_MERGED');
  });
  it('is taken back by itself, leaving those before and after it', () => {
    given(merged('a', 'b'), merged('b', 'c')).when(unmerge('b')).then(unmerged('b', 'c'));
    given(merged('a', 'b'), unmerged('a', 'b')).when(unmerge('a')).refused('CUSTOMER_NOT_MERGED');
    given(merged('a', 'b'), unmerged('a', 'b')).when(merge('b', 'a')).then(merged('b', 'a'));
  });
});

const customers = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
type Order = { readonly customer: string; readonly survivor: string; readonly isMerge: boolean };
const anyOrders = fc.array(
  fc.record({
    customer: fc.constantFrom(...customers),
    survivor: fc.constantFrom(...customers),
    isMerge: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  }),
  { maxLength: 40 },
);

interface Kept {
  readonly events: readonly IdentityEvent[];
  readonly state: Identity;
}
const nothing: Kept = { events: [], state: identityEvolution.initialState };

const withEvent = ({ events, state }: Kept, event: IdentityEvent): Kept => ({
  events: [...events, event],
  state: recorded('identity', identityKey, [event]).reduce(evolveIdentity, state),
});

/** What the stream holds after orders of which the rules refuse some. */
const obeyed = (orders: readonly Order[], before = nothing): Kept =>
  orders.reduce<Kept>((kept, { customer, survivor, isMerge }) => {
    try {
      return (isMerge ? merge(customer, survivor) : unmerge(customer))(kept.state).reduce(withEvent, kept);
    } catch (error) {
      if (error instanceof Rejection) return kept;
      throw error;
    }
  }, before);
const groups = (state: Identity): readonly string[] =>
  [...new Set(customers.map((customer) => [...sameAs(state, customer)].sort().join()))].sort();

it('whatever is merged and unmerged in whatever order, nobody is lost, in a circle, or in two places', () =>
  fc.assert(
    fc.property(anyOrders, (orders) => {
      const { state } = obeyed(orders);
      const links = customers.map(
        (customer) => [customer, survivorOf(state, customer), sameAs(state, customer)] as const,
      );
      const isRoot = ([customer, survivor, same]: (typeof links)[number]): boolean =>
        state.survivors.get(survivor) === undefined && same.includes(customer) && same[0] === survivor;
      expect(links.filter((link) => !isRoot(link))).toEqual([]);
      // Each stands in exactly one group.
      expect(groups(state).join().split(',').sort()).toEqual(customers);
    }),
    { numRuns: 1_000 },
  ));

it('merge, any work, unmerge leaves every other link as if there had been no merge', () =>
  fc.assert(
    fc.property(
      anyOrders,
      fc.constantFrom(...customers),
      fc.constantFrom(...customers),
      anyOrders,
      (orders, customer, survivor, work) => {
        const before = obeyed(orders);
        const after = obeyed([{ customer, survivor, isMerge: true }], before);
        fc.pre(after.events.length > before.events.length);
        // Work that neither meets the merged one's own link nor needs it.
        const others = work.filter((order) => order.customer !== customer && order.survivor !== customer);
        const worked = obeyed(others, after);
        const { state: apart } = obeyed([{ customer, survivor, isMerge: false }], worked);
        const { state: never } = worked.events.slice(after.events.length).reduce(withEvent, before);
        expect(groups(apart)).toEqual(groups(never));
        const linksOf = ({ survivors }: Identity) => customers.map((each) => survivors.get(each));
        expect(linksOf(apart)).toEqual(linksOf(never));
      },
    ),
    { numRuns: 1_000 },
  ));
