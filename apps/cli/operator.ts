import { Caller } from '../../libs/platform/auth/caller';
import { CommandHeaders } from '../../libs/platform/http/command-context';
import { Failed } from './failures';
import { Session } from './session';

/** Whoever gives a command at the machine itself stands in for an admin; the log names who it was. */
export const operator = async ({ directory }: Session, handle: string): Promise<Caller> => {
  const staff = await directory.staff(handle);
  if (staff.status !== 'active') throw new Failed('refused', `nobody works here as ${handle}`);
  return { id: staff.id, role: 'admin', handle: staff.handle };
};

/** Of a command that did not come over HTTP. */
export const noHeaders: CommandHeaders = { idempotencyKey: undefined, ifMatch: undefined, traceparent: undefined };

/** What cannot be taken back is done only when it is said twice. */
export const assertMeant = (isMeant: boolean | undefined, what: string): void => {
  if (!isMeant) throw new Failed('usage', `${what} cannot be taken back; add --yes if it is meant`);
};
