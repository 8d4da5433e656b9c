import { Evolution } from '../../eventing/decider';
import { carries, EventOf } from '../../eventing/event-types';
import { LoopSign } from './loop-signs';

/**
 * A message that came in: a stream each, named by a keyed hash of its id. What was decided about it the first time stands there,
 * so that it is decided once, however often and however much at once it is delivered. Nothing of the message itself is here.
 */
export const messageCategory = 'message';

/** Where a message goes. */
export type Route =
  /** To the case it answers; `third-party` is somebody else than the customer. */
  | { readonly to: 'case'; readonly number: string; readonly as: 'customer' | 'third-party' | 'automatic' }
  /** To a new case; `related` is one whose number a stranger named, `followUpOf` one that is over. */
  | { readonly to: 'new-case'; readonly followUpOf: string | null; readonly related: string | null }
  /** To nobody: a machine wrote it, and it answers nothing of ours. */
  | { readonly to: 'nobody'; readonly sign: LoopSign };

export const messageEventTypes = {
  MessageReceived: carries<{ readonly route: Route }>({
    schema: 1,
    personal: [],
    plain: ['to', 'number', 'as', 'followUpOf', 'related', 'sign'].map((name) => `/route/${name}`),
  }),
  /** The case that was opened for it. */
  MessageFiled: carries<{ readonly number: string }>({ schema: 1, personal: [], plain: ['/number'] }),
};

export type MessageEvent = EventOf<typeof messageEventTypes>;

/** null before it came. */
export interface Receipt {
  readonly route: Route | null;
  /** Number of the case that has it. */
  readonly number: string | null;
}

export const receiptEvolution: Evolution<Receipt, MessageEvent> = {
  category: messageCategory,
  initialState: { route: null, number: null },
  evolve: (receipt, event) => {
    switch (event.type) {
      case 'MessageReceived': {
        const { route } = event.data;
        return { route, number: route.to === 'case' ? route.number : null };
      }
      case 'MessageFiled':
        return { ...receipt, number: event.data.number };
    }
  },
  ownerOf: () => undefined,
};

export const receive = (route: Route, receipt: Receipt): MessageEvent[] =>
  receipt.route ? [] : [{ type: 'MessageReceived', data: { route } }];

export const file = (number: string, receipt: Receipt): MessageEvent[] =>
  receipt.number === null ? [{ type: 'MessageFiled', data: { number } }] : [];
