import { Status, StatusError } from './status';

/**
 * How many bytes of unfinished requests the whole server holds. Each call has limits of its own, but nobody limits how
 * many calls there are.
 */
export class Budget {
  private held = 0;

  constructor(private readonly bytesMax: number) {}

  /** Half is spent: who can wait, should. */
  get isCrowded(): boolean {
    return this.held > this.bytesMax / 2;
  }

  /** @throws StatusError when there is not as much left */
  take(bytes: number): void {
    if (bytes > 0 && this.held + bytes > this.bytesMax)
      throw new StatusError(Status.resourceExhausted, 'too many unfinished requests are being held');
    this.held += bytes;
  }
}
