import { ServerResponse } from 'node:http';

/** Does something once a connection is gone; at once when whoever asked has not waited for the answer. */
export const whenClosed = (raw: ServerResponse, act: () => void): void => {
  if (raw.destroyed) act();
  else raw.once('close', act);
};
