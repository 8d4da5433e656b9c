import { FiringEvent, RuleEvent } from '../../../libs/automation/events';
import { BulkEvent } from '../../../libs/bulk/events';
import { Examples } from './shape';

const [opener, owner] = ['0c9df7e9-0c47-5674-b470-8f80b3614beb', '9d2d54c1-6f9c-5a39-8c21-6f7d7b1c7f0a'];

export const automationExamples: Examples<RuleEvent | FiringEvent | BulkEvent> = {
  RuleSaved: {
    id: 'close-quiet',
    revision: 2,
    when: { on: 'quiet', status: 'resolved', seconds: 1_209_600, calendar: 'always' },
    conditions: [{ field: 'priority', in: ['P4', 'P5'], not: false }],
    then: { verb: 'note', body: { text: 'Quiet for two weeks' } },
  },
  RuleEnabled: { id: 'close-quiet' },
  RuleDisabled: { id: 'close-quiet' },
  RuleFired: {
    rule: 'close-quiet@2',
    number: 'CSR-7K3-M9Q-XA4',
    verb: 'close',
    cause: '8b1c4d2e-7f3a-4c5b-9d6e-0f1a2b3c4d5e',
    events: ['RequestClosed'],
    code: 'REQUEST_NOT_RESOLVED',
  },
  BulkStarted: {
    by: opener,
    role: 'agent',
    verb: 'note',
    words: '{"text":"Seen before"}',
    numbers: ['CSR-7K3-M9Q-XA4'],
    filter: {
      status: ['open'],
      priority: ['P1'],
      team: '2f008182-6e66-5669-8cd5-53eece2478b0',
      assignee: owner,
      type: 'incident',
      category: 'printing',
      product: 'LaserJet 4',
      customer: '122b6a4b-4f9a-561d-899c-d7a87d737e0c',
    },
  },
  BulkItemsDone: {
    items: [{ number: 'CSR-7K3-M9Q-XA4', outcome: 'refused', code: 'REQUEST_NOT_OPEN', revision: 3 }],
    upTo: 1,
  },
  BulkCompleted: {},
  BulkCancelled: { by: opener },
};
