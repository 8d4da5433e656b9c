import { Injectable } from '@nestjs/common';
import { keyOf, Recorded } from '../../../eventing/event';
import { Process } from '../../../eventing/processes/process-runner';
import { Engine } from '../../../platform/engine/engine';
import { RequestEventOf } from '../../events';
import { requestEvolution } from '../../request';

const isRedaction = (event: Recorded): event is Recorded<RequestEventOf<'RequestTextRedacted'>> =>
  event.type === 'RequestTextRedacted';

/** Destroys the key of a redacted text, should the command have died between its event and this. */
@Injectable()
export class Redaction {
  constructor(private readonly engine: Engine) {}

  process(): Process {
    return {
      name: 'complete-redaction',
      types: ['RequestTextRedacted'],
      react: async (event) => {
        if (!isRedaction(event)) return;
        const { state } = await this.engine.runner.load(requestEvolution, keyOf(event.stream));
        const texts = state.status === 'none' ? [] : (state.history[event.data.redacts]?.texts ?? []);
        const text = texts.find(({ pointer }) => pointer === event.data.pointer);
        if (text) await this.engine.keys.destroyValue(text.valueKey);
      },
    };
  }
}
