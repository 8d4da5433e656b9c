import { AttachmentStore } from '../libs/attachments/attachment-store';
import { Auditor } from '../libs/eventing/audit/auditor';
import { chainAuditor, mirrorAuditor } from '../libs/eventing/audit/log-auditors';
import { rowAuditor, versionAuditor } from '../libs/eventing/audit/row-auditors.adapter';
import { wordAuditor } from '../libs/eventing/audit/word-auditor.adapter';
import { IndexRows } from '../libs/eventing/search/index-rows';
import { Engine } from '../libs/platform/engine/engine';
import { fileAuditor } from '../libs/requests/audit/file-auditor.adapter';
import { requestProjections, searchIndexes } from '../libs/requests/read-models/projections';

/**
 * All that is made of the log, as an audit compares it: whoever audits looks at the same.
 *
 * @param bytesPerLook that are read of files before the others are left for the next look
 */
export const auditorsOf = (engine: Engine, files: AttachmentStore, bytesPerLook?: number): readonly Auditor[] => {
  const { store: log, installation, types, keyStore } = engine;
  return [
    chainAuditor(installation),
    mirrorAuditor,
    rowAuditor(types, requestProjections),
    versionAuditor(types, requestProjections),
    wordAuditor(new IndexRows(engine), searchIndexes),
    fileAuditor({ files, log, keyStore, types, ...(bytesPerLook !== undefined && { bytesPerLook }) }),
  ];
};
