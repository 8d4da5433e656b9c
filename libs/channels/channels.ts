/** What carries words between the desk and others. Stored for ever: a word may be added, never given another meaning. */
export const channels = ['email', 'phone', 'sms', 'chat', 'portal', 'letter', 'social', 'in-person', 'other'] as const;
export type Channel = (typeof channels)[number];

/** Those on which somebody has an address. */
export const addressedChannels = ['email', 'phone', 'sms', 'chat', 'portal', 'letter', 'social'] as const;
export type AddressedChannel = (typeof addressedChannels)[number];
