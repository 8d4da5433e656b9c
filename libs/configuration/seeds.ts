import { CatalogueBodies, Grade, grades, PriorityMatrix, TypeBody } from './definitions';
import { PRIORITIES } from '../service-levels/policy';

/** What every installation begins with, so that it can be used at once. None of it stands in the log until it is changed. */
type Seeds = { readonly [K in keyof CatalogueBodies]: Readonly<Record<string, CatalogueBodies[K]>> };

const languages = {
  ...{ de: 'German', en: 'English', es: 'Spanish', fr: 'French', it: 'Italian' },
  ...{ nl: 'Dutch', pl: 'Polish', pt: 'Portuguese' },
};

const statusNames = { open: 'Open', held: 'On hold', resolved: 'Resolved', closed: 'Closed', cancelled: 'Cancelled' };
const type = (name: string): TypeBody => ({ name, statusNames, fields: { language: 'optional' } });
const category = (name: string): CatalogueBodies['categories'] => ({ name, parent: null });

export const seeds: Seeds = {
  types: {
    incident: type('Incident'),
    request: type('Service request'),
    question: type('Question'),
    complaint: type('Complaint'),
    problem: type('Problem'),
    change: type('Change'),
  },
  fields: { language: { name: 'Language', kind: 'choice', choices: languages } },
  categories: {
    hardware: category('Hardware'),
    software: category('Software'),
    network: category('Network'),
    access: category('Access and accounts'),
    printing: category('Printing'),
    billing: category('Billing'),
    other: category('Other'),
  },
  products: {},
  codes: {
    fixed: { name: 'Fixed' },
    workaround: { name: 'Worked around' },
    answered: { name: 'Answered' },
    duplicate: { name: 'Duplicate' },
    'not-reproducible': { name: 'Not reproducible' },
    declined: { name: 'Declined' },
  },
};

/** Symmetric: high with high is P1, low with low is P5. */
const priorityAt = (impact: Grade, urgency: Grade) => PRIORITIES[4 - grades.indexOf(impact) - grades.indexOf(urgency)]!;
const row = (impact: Grade): PriorityMatrix[Grade] => ({
  low: priorityAt(impact, 'low'),
  medium: priorityAt(impact, 'medium'),
  high: priorityAt(impact, 'high'),
});
export const seededMatrix: PriorityMatrix = { low: row('low'), medium: row('medium'), high: row('high') };
