import fc from 'fast-check';
import { specification } from '../eventing/testing/specification';
import { codeOfRejection } from '../eventing/testing/rejections';
import { retireTemplate, saveTemplate } from './commands/template/template';
import { TemplateDefinition } from './events';
import { definitionFaults, render, Values } from './rendering';
import { templateEvolution } from './template';

const definition: TemplateDefinition = {
  ...{ name: 'Visit', format: 'text', body: '{{who}} comes on {{ day }} with {{count}}.' },
  placeholders: [
    { name: 'who', type: 'choice', isRequired: true, choices: ['Ada', 'Grace'] },
    { name: 'day', type: 'date', isRequired: true, choices: [] },
    { name: 'count', type: 'number', isRequired: false, choices: [] },
  ],
};
const given = specification(templateEvolution, 'visit');
const saved = { type: 'TemplateSaved', data: { ...definition, revision: 1 } } as const;

it('is saved, and saved again as the next revision', () => {
  given()
    .when((state) => saveTemplate(definition, state))
    .then(saved);
  given(saved)
    .when((state) => saveTemplate(definition, state))
    .then();
  const other = { ...definition, name: 'Other' };
  given(saved)
    .when((state) => saveTemplate(other, state))
    .then({ type: 'TemplateSaved', data: { ...other, revision: 2 } });
});
it('is retired once, and comes back when it is saved again', () => {
  const retired = { type: 'TemplateRetired', data: {} } as const;
  given(saved).when(retireTemplate).then(retired);
  given(saved, retired).when(retireTemplate).then();
  given(saved, retired)
    .when((state) => saveTemplate(definition, state))
    .then({ type: 'TemplateSaved', data: { ...definition, revision: 2 } });
});
it('is checked when it is saved', () => {
  const [who] = definition.placeholders;
  if (!who) throw new Error('no placeholder');
  const faults = (changes: Partial<TemplateDefinition>) =>
    definitionFaults({ ...definition, ...changes }).map(({ pointer, code }) => `${pointer} ${code}`);
  expect(faults({})).toEqual([]);
  expect(faults({ body: 'nothing' })).toEqual(
    [0, 1, 2].map((index) => `/placeholders/${index}/name UNUSED_PLACEHOLDER`),
  );
  expect(faults({ body: `${definition.body}{{x}}` })).toEqual(['/body UNDEFINED_PLACEHOLDER']);
  expect(faults({ body: `${definition.body}{{ WHO }}` })).toEqual(['/body BROKEN_PLACEHOLDER']);
  expect(faults({ placeholders: [...definition.placeholders, who] })).toEqual(['/placeholders/3/name DEFINED_TWICE']);
  expect(faults({ placeholders: definition.placeholders.map((each) => ({ ...each, choices: [] })) })).toEqual([
    '/placeholders/0/choices CHOICES',
  ]);
});
it('puts values where they go, and nothing where none is needed', () => {
  expect(render(definition, { who: 'Ada', day: '2026-02-28', count: 3 })).toBe('Ada comes on 2026-02-28 with 3.');
  expect(render(definition, { who: 'Ada', day: '2026-02-28' })).toBe('Ada comes on 2026-02-28 with .');
});
it.each<Values>([
  { day: '2026-02-28' },
  { who: 'Eve', day: '2026-02-28' },
  { who: 'Ada', day: '2026-02-29' },
  { who: 'Ada', day: '2026-02-28', count: '3' },
  { who: 'Ada', day: '2026-02-28', other: 'x' },
])('refuses %j', (values) => expect(codeOfRejection(() => render(definition, values))).toBe('TEMPLATE_VALUES'));
it('lets no value become a placeholder or markup', () =>
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }).filter((text) => text.trim() !== ''),
      (text) => {
        const html: TemplateDefinition = {
          ...{ name: 'x', format: 'html', body: '[{{a}}]' },
          placeholders: [{ name: 'a', type: 'text', isRequired: true, choices: [] }],
        };
        expect(render(html, { a: text })).not.toMatch(/[<>"']/);
        expect(render({ ...html, format: 'text' }, { a: `{{a}}${text}` })).toBe(`[{{a}}${text}]`);
      },
    ),
  ));
