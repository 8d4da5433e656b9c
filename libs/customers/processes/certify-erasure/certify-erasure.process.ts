import { keyOf } from '../../../eventing/event';
import { Process } from '../../../eventing/processes/process-runner';
import { Engine } from '../../../platform/engine/engine';
import { reactionContext } from '../../../platform/http/command-context';
import { Customer, customerEvolution } from '../../customer';
import { CustomerEvent } from '../../events';
import { certificateDigest, countsOf } from '../../read-models/certificate/certificate';
import { CertificateQuery } from '../../read-models/certificate/certificate.query';
import { certifyErasure } from './certify-erasure';

/** Records what the certificate of an erasure says. By then the read models know every history that came before it. */
export class ErasureCertification {
  private readonly certificates: CertificateQuery;

  constructor(private readonly engine: Engine) {
    this.certificates = new CertificateQuery(engine);
  }

  process(): Process {
    return {
      name: 'certify-erasure',
      types: ['CustomerErased'],
      react: async (event) => {
        const customer = keyOf(event.stream);
        const { certificate } = await this.certificates.of(customer);
        const certified = { ...countsOf(certificate), digest: certificateDigest(certificate) };
        await this.engine.runner.execute<Customer, CustomerEvent>({
          ...{ evolution: customerEvolution(customer), key: customer, expects: 'existing' as const, body: {} },
          context: reactionContext('certify-erasure', event, this.engine.now()),
          decide: (state) => certifyErasure(certified, state),
        });
      },
    };
  }
}
