/** Bounds of one page: how much of the log is looked at, and how much is sent, before others get their turn. */
export const pageRecordsMax = 256;
export const pageBytesMax = 128 * 1024;

/** Lets everything else that is due run first. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
