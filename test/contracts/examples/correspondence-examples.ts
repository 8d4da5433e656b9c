import { DraftEvent } from '../../../libs/requests/drafts/events';
import { MessageEvent } from '../../../libs/requests/inbound/events';
import { TemplateEvent } from '../../../libs/templates/events';
import { ViewEvent } from '../../../libs/views/events';
import { Examples } from './shape';

export const correspondenceExamples: Examples<TemplateEvent | ViewEvent | DraftEvent | MessageEvent> = {
  TemplateSaved: {
    ...{ name: 'On our way', format: 'text', body: 'We come on {{day}}.', revision: 1 },
    placeholders: [{ name: 'day', type: 'choice', isRequired: true, choices: ['Monday', 'Tuesday'] }],
  },
  TemplateRetired: {},
  ViewCreated: {
    ...{ name: 'Urgent and ours', list: 'queue', owner: '8b0c5a3d-6c5a-5b1e-9a43-0b8f0c5a3d11' },
    ...{ filter: { priority: 'P1,P2' }, team: '2fd1b1a4-0d61-5f0a-8a5c-6f7a3f2f9c11' },
  },
  ViewRenamed: { name: 'Most urgent and ours' },
  ViewRefined: { filter: { priority: 'P1', status: 'open' } },
  ViewShared: { team: '2fd1b1a4-0d61-5f0a-8a5c-6f7a3f2f9c11' },
  ViewRetired: {},
  DraftSaved: {
    ...{ customer: '122b6a4b-4f9a-561d-899c-d7a87d737e0c', by: '8b0c5a3d-6c5a-5b1e-9a43-0b8f0c5a3d11' },
    text: 'We come on Monday, probab',
  },
  DraftDiscarded: { by: '8b0c5a3d-6c5a-5b1e-9a43-0b8f0c5a3d11' },
  DraftSent: { by: '8b0c5a3d-6c5a-5b1e-9a43-0b8f0c5a3d11', answer: 5 },
  MessageReceived: { route: { to: 'case', number: 'CSR-7K3-M9Q-XA4', as: 'third-party' } },
  MessageFiled: { number: 'CSR-7K3-M9Q-XA4' },
};
