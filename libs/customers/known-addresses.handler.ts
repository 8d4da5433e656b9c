import { Injectable } from '@nestjs/common';
import { AddressedChannel } from '../channels/channels';
import { Engine } from '../platform/engine/engine';
import { canonicalAddress } from './addresses';
import { customerEvolution } from './customer';

/** Compares an address with those that a customer has, which only whoever holds the keys can. */
@Injectable()
export class KnownAddresses {
  constructor(private readonly engine: Engine) {}

  /** @returns id of the contact point that is this address already */
  async find(customer: string, channel: AddressedChannel, address: string): Promise<string | undefined> {
    const { state } = await this.engine.runner.load(customerEvolution(customer), customer);
    if (state.status === 'unknown') return undefined;
    const points = await this.engine.unsealer.open(
      state.contactPoints.filter((point) => point.channel === channel),
      true,
    );
    const wanted = canonicalAddress(channel, address);
    return points.find((point) => canonicalAddress(channel, point.address) === wanted)?.id;
  }
}
