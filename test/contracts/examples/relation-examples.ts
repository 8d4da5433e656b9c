import { RelationEvent } from '../../../libs/relations/events';
import { Examples } from './shape';

export const relationExamples: Examples<RelationEvent> = {
  RequestsLinked: { kind: 'parent', from: 'CSR-7K3-M9Q-XA4', to: 'CSR-9B2-4HT-0Y6' },
  RequestsUnlinked: { kind: 'parent', from: 'CSR-7K3-M9Q-XA4', to: 'CSR-9B2-4HT-0Y6' },
  RequestsMerged: {
    source: 'CSR-7K3-M9Q-XA4',
    survivor: 'CSR-9B2-4HT-0Y6',
    members: ['CSR-7K3-M9Q-XA4'],
    reason: 'The same printer',
  },
  RequestsUnmerged: {
    source: 'CSR-7K3-M9Q-XA4',
    survivor: 'CSR-9B2-4HT-0Y6',
    members: ['CSR-7K3-M9Q-XA4'],
    path: ['CSR-9B2-4HT-0Y6'],
    reason: 'Two printers after all',
  },
};
