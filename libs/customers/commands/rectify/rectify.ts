import { Rejection } from '../../../eventing/rejection';
import { addressFault } from '../../addresses';
import { activeRecord, Customer, CustomerRecord } from '../../customer';
import { CustomerEvent } from '../../events';
import { ConsentStatus, LawfulBasis } from '../../vocabulary';

/** What was wrong, in part or all of it. Sealed texts cannot be compared, so that the same value again is a rectification again. */
export interface Rectify {
  readonly reason: string;
  readonly name?: string | undefined;
  readonly contactPoint?: { readonly id: string; readonly address: string } | undefined;
  readonly consent?:
    | {
        readonly purpose: string;
        readonly status: ConsentStatus;
        readonly basis: LawfulBasis;
        readonly since: string;
      }
    | undefined;
}

const refuse = (code: string, pointer: string, detail: string): never => {
  throw new Rejection(code, `${pointer.slice(1)} ${detail}`, [{ pointer, code, detail }]);
};

const ofPoint = ({ contactPoint, reason }: Rectify, record: CustomerRecord): CustomerEvent[] => {
  if (!contactPoint) return [];
  const { id, address } = contactPoint;
  const known = record.contactPoints.find((point) => point.id === id);
  if (!known) return refuse('UNKNOWN_CONTACT_POINT', '/contactPoint/id', 'is no contact point of this customer');
  const fault = addressFault(known.channel, address);
  if (fault) return refuse('INVALID_ADDRESS', '/contactPoint/address', fault);
  return [{ type: 'CustomerContactPointRectified', data: { contactPoint: id, address, reason } }];
};

const ofConsent = ({ consent, reason }: Rectify, record: CustomerRecord): CustomerEvent[] => {
  if (!consent) return [];
  const known = record.consents.find(({ purpose }) => purpose === consent.purpose);
  if (!known) return refuse('NO_SUCH_CONSENT', '/consent/purpose', 'has no consent that could be wrong');
  const { status, basis, since } = consent;
  if (known.status === status && known.basis === basis && known.since === since) return [];
  return [{ type: 'CustomerConsentRectified', data: { ...consent, reason } }];
};

/** Puts right what was recorded wrongly about somebody. The events that were wrong stay, and whoever reads them is told. */
export const rectify = (command: Rectify, state: Customer): CustomerEvent[] => {
  const record = activeRecord(state);
  const { name, contactPoint, consent, reason } = command;
  if (name === undefined && !contactPoint && !consent)
    throw new Rejection('NOTHING_TO_RECTIFY', 'say what was wrong: name, contactPoint or consent');
  return [
    ...(name === undefined ? [] : [{ type: 'CustomerNameRectified' as const, data: { name, reason } }]),
    ...ofPoint(command, record),
    ...ofConsent(command, record),
  ];
};
