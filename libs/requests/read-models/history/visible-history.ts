import { RequestEventType } from '../../events';

/** What a customer sees of the history of their own case: what was said and done towards them. Staff see all of it. */
const isForCustomers: Readonly<Record<RequestEventType, boolean>> = {
  RequestOpened: true,
  RequestClassified: true,
  RequestFieldsFilled: true,
  RequestHeld: true,
  RequestResumed: true,
  RequestResponded: true,
  RequestResolved: true,
  RequestClosed: true,
  RequestReopened: true,
  RequestCancelled: true,
  // Only where the event that it corrects is seen.
  RequestCorrected: true,
  RequestFeedbackGiven: true,
  // What of the files is theirs to see stands in the conversation.
  RequestFileAttached: false,
  RequestMerged: true,
  RequestUnmerged: true,
  RequestSplitOff: true,
  RequestSplitFrom: true,
  RequestMessageCopied: true,
  RequestLinked: false,
  RequestUnlinked: false,
  RequestAbsorbed: false,
  RequestSeparated: false,
  RequestResolutionShared: false,
  RequestResolvedWith: false,
  RequestAssigned: false,
  RequestRouted: false,
  RequestDistributed: false,
  RequestEscalated: false,
  RequestNoted: false,
  RequestTextRedacted: false,
  RequestActivityRecorded: false,
  ServiceLevelWarned: false,
  ServiceLevelBreached: false,
  ServiceLevelOverdue: false,
  ServiceLevelNotified: false,
  ServiceLevelTermsCorrected: false,
  ServiceLevelBreachRetracted: false,
};

export const typesForCustomers: readonly string[] = Object.entries(isForCustomers)
  .filter(([, seen]) => seen)
  .map(([type]) => type);
