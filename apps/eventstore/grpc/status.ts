/** Statuses of gRPC and the error that carries one to the caller. */
export const Status = {
  ok: 0,
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

export type Trailers = Record<string, string>;

/** Ends a call with this status. `message` and `trailers` are for the caller; nothing internal belongs in them. */
export class StatusError extends Error {
  override name = 'StatusError';
  constructor(
    readonly code: number,
    message: string,
    readonly trailers: Trailers = {},
  ) {
    super(message);
  }
}

// Header values carry printable ASCII only; everything else, and % itself, is percent-encoded as grpc-message is.
const unsafe = /[^\x20-\x24\x26-\x7e]/gu;
const percent = (text: string): string =>
  text.replace(unsafe, (part) =>
    Array.from(Buffer.from(part, 'utf8'), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );

const messageLengthMax = 1_000;
const trailerLengthMax = 4_000;

export const trailersOf = (code: number, message: string, extra: Trailers): Trailers => ({
  'grpc-status': String(code),
  ...(message ? { 'grpc-message': percent(message.slice(0, messageLengthMax)) } : {}),
  ...Object.fromEntries(Object.entries(extra).map(([key, value]) => [key, percent(value).slice(0, trailerLengthMax)])),
});
