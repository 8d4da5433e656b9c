import { EventType } from '../eventing/event-types';
import { PersonalText } from '../eventing/sealed';

/** Members of staff and teams: a stream each. Events elsewhere name them by id; handles and names live here. */
export const staffCategory = 'staff';
export const teamCategory = 'team';

export type StaffEvent =
  | {
      readonly type: 'StaffRegistered';
      readonly data: { readonly handle: string; readonly name: PersonalText; readonly team: string | null };
    }
  | { readonly type: 'StaffJoinedTeam'; readonly data: { readonly team: string; readonly from: string | null } };

export type TeamEvent = {
  readonly type: 'TeamRegistered';
  readonly data: { readonly handle: string; readonly name: PersonalText };
};

export const staffEventTypes: Readonly<Record<StaffEvent['type'], EventType>> = {
  StaffRegistered: { schema: 1, personal: ['/name'], plain: ['/handle', '/team'] },
  StaffJoinedTeam: { schema: 1, personal: [], plain: ['/team', '/from'] },
};

export const teamEventTypes: Readonly<Record<TeamEvent['type'], EventType>> = {
  TeamRegistered: { schema: 1, personal: ['/name'], plain: ['/handle'] },
};
