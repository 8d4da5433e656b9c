/**
 * A store could not be reached in time.
 *
 * `not-done`: nothing was written. `unknown`: an append was sent and not answered; it may stand in the log.
 */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';

  constructor(
    readonly outcome: 'unknown' | 'not-done',
    message: string,
    override readonly cause?: unknown,
  ) {
    super(message);
  }
}

/** The stream has moved past the revision that the caller insisted on (`If-Match`). */
export class RevisionMismatch extends Error {
  override readonly name = 'RevisionMismatch';

  constructor(readonly actual: number) {
    super(`the revision is ${actual}`);
  }
}

/** The same idempotency key came with another body. */
export class CommandIdReused extends Error {
  override readonly name = 'CommandIdReused';

  constructor() {
    super('this idempotency key was used with another body');
  }
}

/** What was asked for does not exist, or the caller may not know that it does. */
export class NotFound extends Error {
  override readonly name = 'NotFound';
}

/** Another writer appended first. Inside the engine only: callers see the decision taken again. */
export class AppendConflict extends Error {
  override readonly name = 'AppendConflict';
}
