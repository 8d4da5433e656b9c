import { AddressedChannel } from '../../../channels/channels';
import { activeRecord, Customer } from '../../customer';
import { CustomerEvent } from '../../events';

export interface StatePreferences {
  readonly language: string | null;
  readonly channel: AddressedChannel | null;
}

/** Records in which language and on which channel somebody wants to be spoken to. */
export const statePreferences = ({ language, channel }: StatePreferences, state: Customer): CustomerEvent[] => {
  const record = activeRecord(state);
  if (record.language === language && record.channel === channel) return [];
  return [{ type: 'CustomerPreferencesStated', data: { language, channel } }];
};
