import { ConfigurationEvent } from '../../../libs/configuration/events';
import { Examples } from './shape';

const defined = { id: 'printing', revision: 2, from: '2026-01-05T09:00:00.000Z' } as const;
const retired = { id: 'printing', from: '2026-06-01T00:00:00.000Z' } as const;
const priorities = { low: 'P5', medium: 'P4', high: 'P3' } as const;

export const configurationExamples: Examples<ConfigurationEvent> = {
  CaseTypeDefined: {
    ...defined,
    body: {
      name: 'Incident',
      statusNames: { open: 'Open', held: 'Waiting', resolved: 'Solved', closed: 'Closed', cancelled: 'Withdrawn' },
      fields: { serial: 'required' },
    },
  },
  CaseTypeRetired: retired,
  FieldDefined: { ...defined, body: { name: 'Language', kind: 'choice', choices: { de: 'German' } } },
  FieldRetired: retired,
  CategoryDefined: { ...defined, body: { name: 'Printing', parent: 'hardware' } },
  CategoryRetired: retired,
  ProductDefined: { ...defined, body: { name: 'LaserJet 4' } },
  ProductRetired: retired,
  ResolutionCodeDefined: { ...defined, body: { name: 'Fixed' } },
  ResolutionCodeRetired: retired,
  PriorityMatrixDefined: {
    ...{ revision: 2, from: '2026-01-05T09:00:00.000Z' },
    body: { matrix: { low: priorities, medium: priorities, high: priorities } },
  },
  RoutingRulesDefined: {
    ...{ revision: 2, from: '2026-01-05T09:00:00.000Z' },
    body: {
      rules: [
        {
          id: 'printers',
          when: {
            ...{ types: ['incident'], categories: ['printing'], products: ['LaserJet 4'], priorities: ['P1'] },
            ...{ impacts: ['high'], languages: ['de'], segments: ['gold'] },
          },
          team: '2f008182-6e66-5669-8cd5-53eece2478b0',
          skills: ['printers'],
        },
      ],
    },
  },
};
