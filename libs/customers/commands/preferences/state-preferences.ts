import { activeRecord, Customer } from '../../customer';
import { CustomerEvent } from '../../events';
import { Channel } from '../../vocabulary';

export interface StatePreferences {
  readonly language: string | null;
  readonly channel: Channel | null;
}

/** Records in which language and on which channel somebody wants to be spoken to. */
export const statePreferences = ({ language, channel }: StatePreferences, state: Customer): CustomerEvent[] => {
  const record = activeRecord(state);
  if (record.language === language && record.channel === channel) return [];
  return [{ type: 'CustomerPreferencesStated', data: { language, channel } }];
};
