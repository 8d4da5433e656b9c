import { Injectable } from '@nestjs/common';
import { Address, ContactIndex } from '../../customers/contact-index.adapter';
import { CustomerIdentity } from '../../customers/identity.adapter';
import { SenderBody } from './inbound-body.http';

/** Who sent a message, as far as anybody knows. */
@Injectable()
export class Senders {
  constructor(
    private readonly contacts: ContactIndex,
    private readonly identity: CustomerIdentity,
  ) {}

  /** Whether the message comes from this customer, or from one who was found to be the same. */
  async isCustomer(sender: SenderBody, customer: string): Promise<boolean> {
    const same = await this.identity.sameAs(customer);
    const known = await Promise.all(addressesOf(sender).map((address) => this.contacts.findLately(address)));
    return known.flat().some((id) => same.includes(id));
  }
}

const addressesOf = ({ email, phone }: SenderBody): readonly Address[] => [
  ...(email === undefined ? [] : [{ channel: 'email' as const, address: email }]),
  ...(phone === undefined ? [] : [{ channel: 'phone' as const, address: phone }]),
];
