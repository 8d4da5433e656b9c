import { AddressedChannel } from '../../../channels/channels';
import { Rejection } from '../../../eventing/rejection';
import { addressFault } from '../../addresses';
import { activeRecord, ContactPoint, Customer, CustomerRecord } from '../../customer';
import { CustomerEvent } from '../../events';
import { contactPointsMax } from '../../vocabulary';

export interface AddContactPoint {
  /** Id that it gets. */
  readonly contactPoint: string;
  readonly channel: AddressedChannel;
  readonly address: string;
  /** The contact point that has this very address already; sealed texts cannot be compared here. */
  readonly knownAs: string | undefined;
}

const pointOf = (record: CustomerRecord, id: string): ContactPoint => {
  const point = record.contactPoints.find((each) => each.id === id);
  if (point) return point;
  const fault = { code: 'UNKNOWN_CONTACT_POINT', detail: 'is no contact point of this customer' };
  throw new Rejection(fault.code, 'there is no such contact point', [{ pointer: '/contactPoint', ...fault }]);
};

/** @throws Rejection INVALID_ADDRESS */
export const assertAddress = (channel: AddressedChannel, address: string): void => {
  const detail = addressFault(channel, address);
  if (detail)
    throw new Rejection('INVALID_ADDRESS', `the address ${detail}`, [
      { pointer: '/address', code: 'INVALID_ADDRESS', detail },
    ]);
};

/** Adds an address. The same address on the same channel twice is not an error. */
export const addContactPoint = (command: AddContactPoint, state: Customer): CustomerEvent[] => {
  const record = activeRecord(state);
  const { contactPoint, channel, address, knownAs } = command;
  assertAddress(channel, address);
  if (record.contactPoints.some(({ id }) => id === knownAs)) return [];
  if (record.contactPoints.length >= contactPointsMax)
    throw new Rejection('TOO_MANY_CONTACT_POINTS', `a customer has at most ${contactPointsMax} contact points`);
  return [{ type: 'CustomerContactPointAdded', data: { contactPoint, channel, address } }];
};

export interface OneContactPoint {
  readonly contactPoint: string;
}

/** Takes an address away. One that is gone already is not an error, one that never was cannot be told from it. */
export const removeContactPoint = ({ contactPoint }: OneContactPoint, state: Customer): CustomerEvent[] =>
  activeRecord(state).contactPoints.some(({ id }) => id === contactPoint)
    ? [{ type: 'CustomerContactPointRemoved', data: { contactPoint } }]
    : [];

/** Says which address of a channel is to be used. */
export const preferContactPoint = ({ contactPoint }: OneContactPoint, state: Customer): CustomerEvent[] =>
  pointOf(activeRecord(state), contactPoint).isPreferred
    ? []
    : [{ type: 'CustomerContactPointPreferred', data: { contactPoint } }];
