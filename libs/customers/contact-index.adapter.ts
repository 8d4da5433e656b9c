import { createHmac, hkdfSync } from 'node:crypto';
import { Pool } from 'pg';
import { BoundedMap } from '../eventing/bounded-map';
import { KeyRing } from '../eventing/keys/key-ring';

/**
 * Finds a customer by what they can be reached under, without keeping it: the table holds keyed tokens only, and the rows
 * of an erased customer go with them. It is derived, so that losing it makes a known customer look new and loses nothing else.
 */
const schema = `create table if not exists customer_contact (token text primary key, customer text not null);
create index if not exists customer_contact_customer on customer_contact (customer)`;
const tokenCharacters = 32;
const recentMax = 10_000;

export class ContactIndex {
  private readonly key: Buffer;
  // The table follows the log; what was opened a moment ago is known here first.
  private readonly recent = new BoundedMap<string, string>(recentMax);

  constructor(
    private readonly pool: Pool,
    private readonly keys: KeyRing,
    secret: Buffer,
  ) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'casefold/contact-index/v1', 32));
  }

  async prepare(): Promise<void> {
    await this.pool.query(schema);
  }

  /** The customer known by this address, or `fresh` when nobody is. The read models being away makes nobody known. */
  async findOrClaim(email: string | undefined, fresh: string): Promise<string> {
    if (email === undefined) return fresh;
    const token = this.token(email);
    const known = this.recent.get(token) ?? (await this.stored(token));
    const customer = known !== undefined && (await this.isReadable(known)) ? known : fresh;
    this.recent.set(token, customer);
    return customer;
  }

  async add(customer: string, email: string): Promise<void> {
    await this.pool.query(`insert into customer_contact values ($1, $2) on conflict (token) do nothing`, [
      this.token(email),
      customer,
    ]);
  }

  async forget(customer: string): Promise<void> {
    await this.pool.query(`delete from customer_contact where customer = $1`, [customer]);
  }

  private async stored(token: string): Promise<string | undefined> {
    try {
      const { rows } = await this.pool.query<{ customer: string }>({
        name: 'customer-by-contact',
        text: `select customer from customer_contact where token = $1 order by token limit 1`,
        values: [token],
      });
      return rows[0]?.customer;
    } catch {
      return undefined;
    }
  }

  /** A claim whose opening never came has no key yet and may be taken up; an erased customer may not. */
  private async isReadable(customer: string): Promise<boolean> {
    return (await this.keys.find('person_key', [customer])).get(customer) !== 'destroyed';
  }

  private token(email: string): string {
    return createHmac('sha256', this.key)
      .update(email.trim().toLowerCase().normalize('NFC'))
      .digest('hex')
      .slice(0, tokenCharacters);
  }
}
