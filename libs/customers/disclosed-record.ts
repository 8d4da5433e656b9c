import { Recorded } from '../eventing/event';
import { CustomerEvent, CustomerEventType } from './events';

/** What a customer may be shown of the history of their own record. */
const isForCustomers: Readonly<Record<CustomerEventType, boolean>> = {
  CustomerRegistered: true,
  CustomerSegmented: true,
  CustomerContactPointAdded: true,
  CustomerContactPointRemoved: true,
  CustomerContactPointPreferred: true,
  CustomerPreferencesStated: true,
  CustomerConsentGiven: true,
  CustomerConsentWithdrawn: true,
  CustomerConsentRectified: true,
  CustomerNameRectified: true,
  CustomerContactPointRectified: true,
  CustomerContractAgreed: true,
  CustomerContractEnded: true,
  CustomerJoinedOrganisation: true,
  CustomerLeftOrganisation: true,
  CustomerSurvivorNamed: true,
  CustomerProcessingRestricted: true,
  CustomerRestrictionLifted: true,
  CustomerExported: true,
  CustomerErasureRequested: true,
  CustomerErased: true,
  CustomerErasureCertified: true,
  // Whoever prepares a lawsuit does not tell the other side.
  CustomerLegalHoldPlaced: false,
  CustomerLegalHoldReleased: false,
};

export const disclosedRecord = (events: readonly Recorded<CustomerEvent>[]): readonly Recorded<CustomerEvent>[] =>
  events.filter(({ type }) => isForCustomers[type]);
