/** What looks through a file as it comes in. An adapter speaks to a scanner; see `clamd-scanner.adapter.ts`. */
export const scanVerdicts = ['clean', 'refused', 'not-scanned'] as const;
export type ScanVerdict = (typeof scanVerdicts)[number];

export interface Scan {
  /** The next bytes, in clear. */
  take(piece: Uint8Array): Promise<void>;
  /** After the last. @throws Error when the scanner cannot say; the file is then not taken */
  verdict(): Promise<ScanVerdict>;
  /** The file is not wanted any more. */
  abandon(): void;
}

export interface AttachmentScanner {
  /** Stands in the event of every file. */
  readonly name: string;
  begin(): Promise<Scan>;
}

/** Nobody looks, and every file says so. */
export const noScanner: AttachmentScanner = {
  name: 'none',
  begin: () =>
    Promise.resolve({
      take: () => Promise.resolve(),
      verdict: () => Promise.resolve('not-scanned'),
      abandon: () => undefined,
    }),
};
