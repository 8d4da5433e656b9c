import { keyOf } from '../../../eventing/event';
import { Scope } from '../../../platform/auth/caller';
import { typesForCustomers } from '../history/visible-history';
import { teamAt, TeamFact, teamsConcerned } from './teams-concerned';

/** An event of a case as the log's mirror has it; nothing of it is decoded, so that no event can stop the stream. */
export interface LoggedChange {
  readonly sequence: string;
  readonly position: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly actor: string | null;
  readonly recordedAt: string | null;
  readonly occurredAt: string | null;
  /** Whose case it is; null when the read models do not have it. */
  readonly customer: string | null;
  /** Of a correction: type of the event that it corrects. */
  readonly correctedType: string | null;
}

/** One change with what decides who hears of it, and its messages, made once for all who hear. */
export interface Change {
  readonly position: bigint;
  readonly number: string;
  readonly type: string;
  readonly customer: string | null;
  readonly teams: readonly string[];
  readonly isForCustomer: boolean;
  readonly toStaff: string;
  readonly toCustomer: string;
}

export interface ChangeFilter {
  readonly number: string | undefined;
  /** Id. */
  readonly team: string | undefined;
  readonly types: readonly string[] | undefined;
}

/** One message of an event stream. The id is the position from which its reader goes on. */
export const message = (position: bigint | string, data: object): string =>
  `id: ${position}\ndata: ${JSON.stringify(data)}\n\n`;

/** Says that the connection lives, and lets its reader go on from here although there was nothing for them. */
export const heartbeat = (position: bigint): string => `: nothing new\nid: ${position}\n\n`;

const seenByCustomer = ({ type, correctedType }: LoggedChange): boolean =>
  typesForCustomers.includes(type) &&
  (type !== 'RequestCorrected' || (correctedType !== null && typesForCustomers.includes(correctedType)));

/** @param facts of the case's team, in order of revision */
export const changeOf = (logged: LoggedChange, facts: readonly TeamFact[]): Change => {
  const { sequence, position, revision, type, actor, recordedAt, occurredAt } = logged;
  const number = keyOf(logged.stream);
  const told = { number, revision: String(revision), type, sequence, position, recordedAt, occurredAt };
  return {
    position: BigInt(position),
    number,
    type,
    customer: logged.customer,
    teams: teamsConcerned(facts, revision),
    isForCustomer: seenByCustomer(logged),
    toStaff: message(position, { ...told, actor, teamId: teamAt(facts, revision) }),
    toCustomer: message(position, told),
  };
};

/** Whether a reader hears of it: the same rights as in the history of the case. */
export const concerns = (change: Change, { customer, internal }: Scope, filter: ChangeFilter): boolean =>
  (customer === undefined || change.customer === customer) &&
  (internal || change.isForCustomer) &&
  (filter.number === undefined || change.number === filter.number) &&
  (filter.team === undefined || change.teams.includes(filter.team)) &&
  (filter.types === undefined || filter.types.includes(change.type));
