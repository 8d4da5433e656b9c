import { Rejection } from '../eventing/rejection';
import { Placeholder, TemplateDefinition } from './events';

/**
 * What a template becomes with its values.
 *
 * Guarantee: every value that is needed is there and of its type, and no value is more than a value: placeholders in it stay as they
 * are, and in HTML it cannot become markup.
 */
export type Values = Readonly<Record<string, string | number>>;

type Fault = Rejection['fields'][number];

const placeholder = /\{\{\s*([a-z][a-z0-9_]{0,39})\s*\}\}/g;
const renderedCharactersMax = 20_000;
const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;

const fault = (pointer: string, code: string, detail: string): Fault => ({ pointer, code, detail });

/** What would keep a template from ever becoming a text. */
export const definitionFaults = ({ body, placeholders }: TemplateDefinition): readonly Fault[] => {
  const used = new Set([...body.matchAll(placeholder)].map(([, name]) => name));
  const defined = placeholders.map(({ name }) => name);
  const undefinedNames = [...used].filter((name) => name !== undefined && !defined.includes(name));
  const isBroken = /\{\{|\}\}/.test(body.replace(placeholder, ''));
  return [
    ...undefinedNames.map((name) => fault('/body', 'UNDEFINED_PLACEHOLDER', `uses ${name}, which is not defined`)),
    ...(isBroken ? [fault('/body', 'BROKEN_PLACEHOLDER', 'holds braces that are no placeholder')] : []),
    ...placeholders.flatMap((each, index) => placeholderFaults(each, index, used, defined)),
  ];
};

const placeholderFaults = (
  { name, type, choices }: Placeholder,
  index: number,
  used: ReadonlySet<string | undefined>,
  defined: readonly string[],
): readonly Fault[] => {
  const at = `/placeholders/${index}`;
  const hasChoices = choices.length > 0;
  return [
    ...(used.has(name) ? [] : [fault(`${at}/name`, 'UNUSED_PLACEHOLDER', 'does not stand in the body')]),
    ...(defined.indexOf(name) < index ? [fault(`${at}/name`, 'DEFINED_TWICE', 'is defined before')] : []),
    ...(hasChoices === (type === 'choice')
      ? []
      : [fault(`${at}/choices`, 'CHOICES', 'are for a choice, which needs them')]),
  ];
};

const isDate = (text: string): boolean => {
  const [, year, month, day] = datePattern.exec(text) ?? [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
};

const fits = ({ type, choices }: Placeholder, value: string | number): boolean => {
  if (type === 'number') return typeof value === 'number';
  if (typeof value !== 'string') return false;
  if (type === 'date') return isDate(value);
  return type === 'choice' ? choices.includes(value) : value.trim() !== '';
};

const valueFaults = (placeholders: readonly Placeholder[], values: Values): readonly Fault[] => {
  const unknown = Object.keys(values).filter((name) => !placeholders.some((each) => each.name === name));
  return [
    ...unknown.map((name) =>
      fault(`/template/values/${name}`, 'UNKNOWN_PLACEHOLDER', 'is no placeholder of the template'),
    ),
    ...placeholders.flatMap((each) => {
      const value = Object.hasOwn(values, each.name) ? values[each.name] : undefined;
      const at = `/template/values/${each.name}`;
      if (value === undefined) return each.isRequired ? [fault(at, 'REQUIRED', 'is required')] : [];
      return fits(each, value) ? [] : [fault(at, 'WRONG_TYPE', `is no ${each.type} as the template wants it`)];
    }),
  ];
};

const markup: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => markup[sign] ?? sign);

/** @throws Rejection TEMPLATE_VALUES with a pointer to each value that is missing or wrong */
export const render = ({ body, format, placeholders }: TemplateDefinition, values: Values): string => {
  const faults = valueFaults(placeholders, values);
  if (faults.length) throw new Rejection('TEMPLATE_VALUES', 'the values do not fit the template', faults);
  const text = body.replace(placeholder, (_, name: string) => {
    const value = String(Object.hasOwn(values, name) ? values[name] : '');
    return format === 'html' ? escaped(value) : value;
  });
  if ([...text].length > renderedCharactersMax)
    throw new Rejection('TEMPLATE_VALUES', `the text has more than ${renderedCharactersMax} characters`);
  return text;
};
