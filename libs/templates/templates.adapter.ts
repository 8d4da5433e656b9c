import { CommandRunner } from '../eventing/command-runner';
import { Rejection } from '../eventing/rejection';
import { render, Values } from './rendering';
import { templateEvolution } from './template';

export interface Rendered {
  readonly text: string;
  readonly template: { readonly id: string; readonly revision: number };
}

/** Makes texts of templates, as the log has them now. */
export class Templates {
  constructor(private readonly runner: CommandRunner) {}

  /** @throws Rejection UNKNOWN_TEMPLATE, TEMPLATE_VALUES */
  async render(id: string, values: Values): Promise<Rendered> {
    const { state } = await this.runner.load(templateEvolution, id);
    if (state.status !== 'active') {
      const detail = 'no template is in use under this id';
      throw new Rejection('UNKNOWN_TEMPLATE', detail, [{ pointer: '/template/id', code: 'UNKNOWN_TEMPLATE', detail }]);
    }
    return { text: render(state.definition, values), template: { id, revision: state.revision } };
  }
}
