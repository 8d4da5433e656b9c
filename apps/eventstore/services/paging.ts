import type { Call } from '../grpc/call';

/** Bounds of one page: how much of the log is looked at, and how much is sent, before others get their turn. */
export const pageRecordsMax = 256;
export const pageBytesMax = 128 * 1024;

/** Lets everything else that is due run first. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export interface Page {
  frames: Buffer;
  isLast: boolean;
}

/**
 * Sends pages to the end of the call. The next page is made ready while the client takes the one before, so two pages
 * are held at most; a client that stops reading stops this.
 */
export const sendPages = async (call: Call, nextPage: () => Page): Promise<void> => {
  let page = nextPage();
  while (!page.isLast) {
    if (page.frames.length > 0) call.write(page.frames);
    await nextTurn();
    if (call.finished) return;
    page = nextPage();
    await call.writable();
  }
  call.end(page.frames);
};
