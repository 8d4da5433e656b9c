import { StaffEvent, TeamEvent } from '../../../libs/teams/events';
import { Examples } from './shape';

export const teamExamples: Examples<StaffEvent | TeamEvent> = {
  StaffRegistered: { handle: 'alice', name: 'Alice', team: '2f008182-6e66-5669-8cd5-53eece2478b0' },
  StaffJoinedTeam: { team: '2f008182-6e66-5669-8cd5-53eece2478b0', from: '9d2d54c1-6f9c-5a39-8c21-6f7d7b1c7f0a' },
  StaffRostered: {
    ...{ revision: 2, from: '2026-01-05T09:00:00.000Z', team: '2f008182-6e66-5669-8cd5-53eece2478b0' },
    ...{ skills: ['printers'], calendar: 'business-hours', capacity: 10 },
  },
  StaffPresenceChanged: { presence: 'available' },
  StaffCapacityReserved: { reserved: [{ number: 'CSR-7K3-M9Q-XA4', revision: 3, weight: 2 }] },
  StaffRetired: {},
  StaffReinstated: {},
  TeamRetired: {},
  TeamReinstated: {},
  TeamRenamed: { name: 'Service desk' },
  TeamDistributionChanged: {
    ...{ revision: 1, from: '2026-01-05T09:00:00.000Z', strategy: 'round-robin' },
    weights: { P1: 4, P2: 2, P3: 1, P4: 1, P5: 1 },
  },
  TeamRegistered: { handle: 'support', name: 'Support' },
};
