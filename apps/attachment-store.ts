import { join } from 'node:path';
import { AttachmentStore } from '../libs/attachments/attachment-store';
import { FolderStore } from '../libs/attachments/folder-store.adapter';
import { Config } from '../libs/platform/config/config';

/** Where an installation's attachments lie, for whoever works with them. */
export const attachmentStore = ({ dataDirectory }: Pick<Config, 'dataDirectory'>): AttachmentStore =>
  new FolderStore(join(dataDirectory, 'attachments'));
