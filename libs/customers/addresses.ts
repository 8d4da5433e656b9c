import { AddressedChannel } from '../channels/channels';

/** What an address on a channel has to look like, and when two of them are the same. */
export const phonePattern = /^[+0-9(][0-9 ()./-]{2,39}$/;
const emailPattern = /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)*$/;
const emailCharactersMax = 254;

/** @returns what is wrong with it, in the words that follow its name; undefined when nothing is */
export const addressFault = (channel: AddressedChannel, address: string): string | undefined => {
  switch (channel) {
    case 'email':
      return emailPattern.test(address) && address.length <= emailCharactersMax
        ? undefined
        : 'must be an e-mail address';
    case 'phone':
    case 'sms':
      return phonePattern.test(address) ? undefined : 'must be a telephone number';
    case 'letter':
    case 'chat':
    case 'social':
    case 'portal':
      return undefined;
  }
};

/** Digits alone, without the zeros that stand for the plus: +44 20 7946 0018 and 0044 (20) 7946-0018 are one number. */
const digitsOf = (phone: string): string => phone.replace(/\D/g, '').replace(/^00/, '');

/** Two addresses of a channel are the same when their canonical forms are. */
export const canonicalAddress = (channel: AddressedChannel, address: string): string => {
  const text = address.trim().normalize('NFC');
  if (channel === 'phone' || channel === 'sms') return digitsOf(text);
  return channel === 'letter' ? text.replace(/\s+/g, ' ') : text.toLowerCase();
};
