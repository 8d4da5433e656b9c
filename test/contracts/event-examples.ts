import { ProjectionRebuilt } from '../../libs/eventing/projections/rebuilt';
import { automationExamples } from './examples/automation-examples';
import { configurationExamples } from './examples/configuration-examples';
import { correspondenceExamples } from './examples/correspondence-examples';
import { customerExamples } from './examples/customer-examples';
import { exceptionExamples } from './examples/exception-examples';
import { relationExamples } from './examples/relation-examples';
import { requestExamples } from './examples/request-examples';
import { serviceLevelExamples } from './examples/service-level-examples';
import { teamExamples } from './examples/team-examples';
import { Examples } from './examples/shape';

const engineExamples: Examples<ProjectionRebuilt> = {
  ProjectionRebuilt: {
    rebuild: '8b1c4d2e-7f3a-4c5b-9d6e-0f1a2b3c4d5e',
    version: 1,
    build: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    startedBy: 'casefold rebuild',
    rows: 7457,
    events: 31250,
    differing: 1,
    samples: ['CSR-7K3-M9Q-XA4'],
    quarantined: 0,
  },
};

/** One example of the newest version of each event type, complete. */
export const eventExamples = {
  ...engineExamples,
  ...requestExamples,
  ...correspondenceExamples,
  ...relationExamples,
  ...customerExamples,
  ...teamExamples,
  ...serviceLevelExamples,
  ...automationExamples,
  ...exceptionExamples,
  ...configurationExamples,
};

/** What else an event may look like whose data has one of several shapes. */
export const otherShapes: Readonly<Record<string, readonly object[]>> = {
  RuleSaved: [{ when: { on: 'event', types: ['RequestResolved'] } }],
  MessageReceived: [
    { route: { to: 'new-case', followUpOf: 'CSR-7K3-M9Q-XA4', related: 'CSR-7K3-M9Q-XA4' } },
    { route: { to: 'nobody', sign: 'auto-submitted' } },
  ],
};
