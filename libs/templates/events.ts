import { carries, EventOf } from '../eventing/event-types';

/** Templates of answers: a stream each. A revision is one `TemplateSaved`, whole, and never changes. */
export const templateCategory = 'template';

export const placeholderTypes = ['text', 'number', 'date', 'choice'] as const;
export type PlaceholderType = (typeof placeholderTypes)[number];

export interface Placeholder {
  readonly name: string;
  readonly type: PlaceholderType;
  readonly isRequired: boolean;
  /** Of a choice. */
  readonly choices: readonly string[];
}

export const templateFormats = ['text', 'html'] as const;
export type TemplateFormat = (typeof templateFormats)[number];

export interface TemplateDefinition {
  readonly name: string;
  /** html: values are escaped, so that none of them can become markup. */
  readonly format: TemplateFormat;
  /** With `{{name}}` where a value goes. */
  readonly body: string;
  readonly placeholders: readonly Placeholder[];
}

export const templateEventTypes = {
  TemplateSaved: carries<TemplateDefinition & { readonly revision: number }>({
    schema: 1,
    personal: [],
    plain: [
      ...['/name', '/format', '/body'],
      ...['/placeholders/*/name', '/placeholders/*/type', '/placeholders/*/choices/*'],
    ],
  }),
  TemplateRetired: carries<Record<never, never>>({ schema: 1, personal: [], plain: [] }),
};

export type TemplateEvent = EventOf<typeof templateEventTypes>;
