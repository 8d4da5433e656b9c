import { AttachmentStore } from '../../attachments/attachment-store';
import { FileCheck, FileFault } from '../../attachments/file-check.adapter';
import { Auditor, Mismatch, Story } from '../../eventing/audit/auditor';
import { categoryOf, keyOf, Recorded } from '../../eventing/event';
import { EventStore } from '../../eventing/event-store.adapter';
import { EventTypes } from '../../eventing/event-types';
import { KeyStore } from '../../eventing/keys/key-store.adapter';
import { decode } from '../../eventing/projections/decoding';
import { LoggedEvent, mirrored } from '../../eventing/projections/mirror';
import { FileContent } from '../event-values';
import { requestCategory, RequestEvent } from '../events';
import { filesToKeep } from './files-to-keep';

/**
 * The files of cases, by what the events say of them.
 *
 * Guarantee: what is reported was so while its keys lived and no event had redacted it. The event of an erasure and the end of the key
 * come before the bytes are removed; both are looked for after the bytes were missed. What no event names is nobody's yet, and the
 * sweep's matter.
 */
const bytesPerLook = 32 * 1024 * 1024;

export interface FileAuditorOptions {
  readonly files: AttachmentStore;
  readonly log: EventStore;
  readonly keyStore: KeyStore;
  readonly types: EventTypes;
  /** What it reads of files before it leaves the others for the next look. */
  readonly bytesPerLook?: number;
}

interface Suspect {
  readonly stream: string;
  readonly revision: number;
  readonly content: FileContent;
  readonly fault: Exclude<FileFault, 'unread'>;
}

const details: Readonly<Record<Suspect['fault'], string>> = {
  missing: 'it is not there',
  'wrong-length': 'its length is another',
  damaged: 'its bytes are others',
  unreadable: 'it cannot be read',
};

export const fileAuditor = (options: FileAuditorOptions): Auditor => {
  const check = new FileCheck(options.files, options.bytesPerLook ?? bytesPerLook);
  return {
    elsewhere: async (stories) => {
      const faultOf = check.look();
      const suspects: Suspect[] = [];
      const unfinished: string[] = [];
      for (const { stream, logged } of stories.filter(mayHaveFiles))
        for (const [revision, content] of filesOf(options, logged)) {
          const fault = await faultOf({ number: keyOf(stream), ...content });
          if (fault === 'unread') unfinished.push(stream);
          else if (fault) suspects.push({ stream, revision, content, fault });
        }
      return { mismatches: (await notErased(options, suspects)).map(mismatchOf), unfinished };
    },
  };
};

const mayHaveFiles = ({ stream, logged }: Story): boolean =>
  categoryOf(stream) === requestCategory && logged.some(({ type }) => type === 'RequestFileAttached');

const filesOf = ({ types }: FileAuditorOptions, events: readonly LoggedEvent[]): ReadonlyMap<number, FileContent> =>
  // The category's streams hold its events and no others.
  filesToKeep(decode(types, events).events.map(({ event }) => event as Recorded<RequestEvent>));

const mismatchOf = ({ stream, revision, fault }: Suspect): Mismatch => ({
  ...{ stream, part: `file ${revision}`, detail: details[fault] },
});

const notErased = async (options: FileAuditorOptions, suspects: readonly Suspect[]): Promise<readonly Suspect[]> => {
  if (!suspects.length) return suspects;
  const [persons, values] = await Promise.all([
    options.keyStore.load('person_key', [...new Set(suspects.map(({ content }) => content.person))]),
    options.keyStore.load('value_key', [...new Set(suspects.map(({ content }) => content.valueKey))]),
  ]);
  const living = suspects.filter(
    ({ content: { person, valueKey } }) => persons.get(person) !== 'destroyed' && values.get(valueKey) !== 'destroyed',
  );
  const kept = new Map<string, ReadonlyMap<number, FileContent>>();
  for (const stream of new Set(living.map((suspect) => suspect.stream))) {
    const history = (await options.log.read(stream)).map((event) => mirrored(event, 0).event);
    kept.set(stream, filesOf(options, history));
  }
  return living.filter(({ stream, revision }) => kept.get(stream)?.has(revision));
};
