import { EventType } from '../eventing/event-types';
import { PersonalText } from '../eventing/sealed';

/** The customer: a stream each, begun by the first request of somebody new. */
export const customerCategory = 'customer';

export const erasureGrounds = ['requested', 'retention', 'unlawful'] as const;
export type ErasureGround = (typeof erasureGrounds)[number];

export type CustomerEvent =
  | {
      readonly type: 'CustomerRegistered';
      readonly data: {
        /** Null when the first request came without it. */
        readonly name: PersonalText | null;
        readonly email?: PersonalText | undefined;
        readonly phone?: PersonalText | undefined;
        /** Number of the request that they came with; null when they were registered by themselves. */
        readonly request: string | null;
      };
    }
  /** Which kind of customer they are, as policies ask; null takes it away. */
  | { readonly type: 'CustomerSegmented'; readonly data: { readonly segment: string | null } }
  | { readonly type: 'CustomerErasureRequested'; readonly data: { readonly ground: ErasureGround } }
  /** The key is destroyed: nothing about this person can be read any more, in any stream. */
  | { readonly type: 'CustomerErased'; readonly data: { readonly keyDestroyedAt: string } };

export const customerEventTypes: Readonly<Record<CustomerEvent['type'], EventType>> = {
  CustomerRegistered: { schema: 1, personal: ['/name', '/email', '/phone'], plain: ['/request'] },
  CustomerSegmented: { schema: 1, personal: [], plain: ['/segment'] },
  CustomerErasureRequested: { schema: 1, personal: [], plain: ['/ground'] },
  CustomerErased: { schema: 1, personal: [], plain: ['/keyDestroyedAt'] },
};
