import { isSealed, Sealed } from './sealed';
import { KeyRing } from './keys/key-ring';
import { unseal } from './keys/sealing';

/** What stands in an answer where personal text may not or can no longer be shown. */
export const withheld = '[withheld]';
export const erased = '[erased]';
export const redacted = '[redacted]';

const collect = (value: unknown, found: Sealed[]): void => {
  if (isSealed(value)) found.push(value);
  else if (Array.isArray(value)) for (const item of value) collect(item, found);
  else if (typeof value === 'object' && value !== null)
    for (const member of Object.values(value)) collect(member, found);
};

const replace = (value: unknown, open: (sealed: Sealed) => string): unknown => {
  if (isSealed(value)) return open(value);
  if (Array.isArray(value)) return value.map((item) => replace(item, open));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, replace(member, open)]));
};

/** A value whose sealed parts are text again, or a word that says why not. */
export type Opened<T> = T extends Sealed ? string : T extends object ? { [K in keyof T]: Opened<T[K]> } : T;

export class Unsealer {
  constructor(
    private readonly keys: KeyRing,
    private readonly installation: string,
  ) {}

  /** Opens every sealed part of an answer in two look-ups. `mayRead` false: none of it is opened. */
  async open<T>(value: T, mayRead: boolean): Promise<Opened<T>> {
    if (!mayRead) return replace(value, () => withheld) as Opened<T>;
    const sealed: Sealed[] = [];
    collect(value, sealed);
    if (!sealed.length) return value as Opened<T>;
    const [persons, values] = await Promise.all([
      this.keys.find(
        'person_key',
        sealed.map(({ k }) => k),
      ),
      this.keys.find(
        'value_key',
        sealed.map(({ v }) => v),
      ),
    ]);
    return replace(value, (each) => {
      const [person, own] = [persons.get(each.k), values.get(each.v)];
      if (!(person instanceof Buffer)) return erased;
      return own instanceof Buffer ? unseal(each, person, own, this.installation) : redacted;
    }) as Opened<T>;
  }
}
