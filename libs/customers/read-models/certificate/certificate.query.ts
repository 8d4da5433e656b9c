import { Injectable } from '@nestjs/common';
import { Recorded, StoredEvent, streamOf } from '../../../eventing/event';
import { NotFound } from '../../../eventing/failures';
import { Engine } from '../../../platform/engine/engine';
import { customerCategory, CustomerEvent, CustomerEventOf } from '../../events';
import { concernedStreams } from '../concerned.query';
import { Certificate, erasedStream } from './certificate';

type Requested = Recorded<CustomerEventOf<'CustomerErasureRequested'>>;
type Erased = Recorded<CustomerEventOf<'CustomerErased'>>;
type Certified = Recorded<CustomerEventOf<'CustomerErasureCertified'>>;

export interface CertifiedErasure {
  readonly certificate: Certificate;
  /** Revision and position of the event that records that the key is gone. */
  readonly erased: Erased;
  /** What was recorded of the certificate when it was made; undefined when it has not been yet. */
  readonly recorded: Certified | undefined;
}

const isRequested = (event: Recorded<CustomerEvent>): event is Requested => event.type === 'CustomerErasureRequested';
const isErased = (event: Recorded<CustomerEvent>): event is Erased => event.type === 'CustomerErased';
const isCertified = (event: Recorded<CustomerEvent>): event is Certified => event.type === 'CustomerErasureCertified';

/** Makes certificates anew from the log itself, not from its mirror: what they are held against is the record. */
@Injectable()
export class CertificateQuery {
  constructor(private readonly engine: Engine) {}

  /** @throws NotFound for who was not erased */
  async of(customer: string): Promise<CertifiedErasure> {
    const { store, types, pool, installation } = this.engine;
    const own = (await store.read(streamOf(customerCategory, customer))).map((each) =>
      types.decode<CustomerEvent>(each),
    );
    const [requested, erased] = [own.findLast(isRequested), own.find(isErased)];
    if (!requested || !erased) throw new NotFound();
    const concerned = await concernedStreams(pool, [customer]);
    const histories = await Promise.all(concerned.map(({ stream }) => this.until(stream, erased.position)));
    const certificate: Certificate = {
      ...{ installation, customer, ground: requested.data.ground, requestedBy: requested.metadata.actor },
      requestedAt: requested.metadata.occurredAt,
      keyDestroyedAt: erased.data.keyDestroyedAt,
      streams: histories.flatMap((events) => erasedStream(installation, customer, events) ?? []),
    };
    return { certificate, erased, recorded: own.findLast(isCertified) };
  }

  /** What came later, of which nothing that was sealed for that customer can be read, changes nothing. */
  private async until(stream: string, position: bigint): Promise<readonly StoredEvent[]> {
    return (await this.engine.store.read(stream)).filter((event) => event.position <= position);
  }
}
