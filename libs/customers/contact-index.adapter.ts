import { createHmac, hkdfSync } from 'node:crypto';
import { Pool } from 'pg';
import { AddressedChannel } from '../channels/channels';
import { BoundedMap } from '../eventing/bounded-map';
import { KeyRing } from '../eventing/keys/key-ring';
import { prepared } from '../eventing/projections/prepared';
import { canonicalAddress } from './addresses';

/**
 * Finds customers by what they can be reached under, without keeping it: the table holds keyed tokens only, and the rows
 * of an erased customer go with them. It is derived, so that losing it makes a known customer look new and loses nothing else.
 */
const schema = `create table if not exists customer_contact (token text primary key, customer text not null);
create index if not exists customer_contact_customer on customer_contact (customer);
alter table customer_contact add column if not exists since timestamptz not null default now();
do $$ begin
  if (select count(*) from pg_index where indrelid = 'customer_contact'::regclass and indisprimary and indnatts = 1) > 0 then
    alter table customer_contact drop constraint customer_contact_pkey, add primary key (token, customer);
  end if;
end $$`;
const tokenCharacters = 32;
const recentMax = 10_000;
const sharersMax = 100;

export interface Address {
  readonly channel: AddressedChannel;
  readonly address: string;
}

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
    // Several processes may start at once.
    await this.pool.query(`begin; select pg_advisory_xact_lock(hashtext('casefold/contact-index')); ${schema}; commit`);
  }

  /** The customer known by this address, or `fresh` when nobody is. The read models being away makes nobody known. */
  async findOrClaim(email: string | undefined, fresh: string): Promise<string> {
    if (email === undefined) return fresh;
    const token = this.token({ channel: 'email', address: email });
    const recent = this.recent.get(token);
    const known = recent === undefined ? await this.stored(token).catch(() => []) : [recent];
    const customer = (await this.readable(known)) ?? fresh;
    this.recent.set(token, customer);
    return customer;
  }

  /** Everybody who can be reached under an address, who came first first. At most a hundred: more share a switchboard. */
  async find(address: Address): Promise<readonly string[]> {
    return this.stored(this.token(address));
  }

  /** The same, and whoever a case was opened for a moment ago, whom the table does not have yet. */
  async findLately(address: Address): Promise<readonly string[]> {
    const recent = this.recent.get(this.token(address));
    const found = await this.find(address);
    return recent === undefined || found.includes(recent) ? found : [...found, recent];
  }

  async add(customer: string, addresses: readonly Address[]): Promise<void> {
    if (!addresses.length) return;
    await this.pool.query(
      prepared(
        `insert into customer_contact (token, customer) select token, $2 from unnest($1::text[]) as t (token)
       on conflict do nothing`,
        [addresses.map((each) => this.token(each)), customer],
      ),
    );
  }

  /** These addresses and no others. */
  async replace(customer: string, addresses: readonly Address[]): Promise<void> {
    await this.pool.query(`delete from customer_contact where customer = $1 and not token = any($2)`, [
      customer,
      addresses.map((each) => this.token(each)),
    ]);
    await this.add(customer, addresses);
  }

  async forget(customer: string): Promise<void> {
    await this.pool.query(`delete from customer_contact where customer = $1`, [customer]);
  }

  private async stored(token: string): Promise<readonly string[]> {
    const { rows } = await this.pool.query<{ customer: string }>({
      name: 'customers-by-contact',
      text: `select customer from customer_contact where token = $1 order by since, customer limit ${sharersMax}`,
      values: [token],
    });
    return rows.map(({ customer }) => customer);
  }

  /** A claim whose opening never came has no key yet and may be taken up; an erased customer may not. */
  private async readable(customers: readonly string[]): Promise<string | undefined> {
    const keys = await this.keys.find('person_key', customers);
    return customers.find((customer) => keys.get(customer) !== 'destroyed');
  }

  private token({ channel, address }: Address): string {
    const canonical = canonicalAddress(channel, address);
    return createHmac('sha256', this.key)
      .update(channel === 'email' ? canonical : `${channel}:${canonical}`)
      .digest('hex')
      .slice(0, tokenCharacters);
  }
}
