/** What each operation is called and does, for readers of the contract. One that is not here has no name of its own. */
export interface OperationWords {
  /** Names the function in generated clients; stays for ever. */
  readonly operationId: string;
  readonly summary: string;
}

const request = '/v1/requests/{number}';
const policy = '/v1/service-level-policies/{id}';
const calendar = '/v1/calendars/{id}';
const customer = '/v1/customers/{id}';

export const operationWords: ReadonlyMap<string, OperationWords> = new Map(
  (
    [
      ['post /v1/requests', 'openRequest', 'Opens a request and gives it its number.'],
      [`post ${request}/classify`, 'classifyRequest', 'Says what kind it is and how much it matters.'],
      [`post ${request}/assign`, 'assignRequest', 'Gives it to a team, or to one of its people.'],
      [`post ${request}/escalate`, 'escalateRequest', 'Raises it to a higher support level.'],
      [`post ${request}/hold`, 'holdRequest', 'Lets it wait, and says for whom.'],
      [`post ${request}/resume`, 'resumeRequest', 'Goes on with it after a wait.'],
      [`post ${request}/respond`, 'respondToRequest', 'Says something that customer and staff can read.'],
      [`post ${request}/note`, 'noteOnRequest', 'Writes something down for the staff alone.'],
      [`post ${request}/resolve`, 'resolveRequest', 'Ends the work on it, and says how.'],
      [`post ${request}/close`, 'closeRequest', 'Puts a resolved one away.'],
      [`post ${request}/reopen`, 'reopenRequest', 'Takes a resolved or closed one up again.'],
      [`post ${request}/cancel`, 'cancelRequest', 'Ends one that needs no work.'],
      [`post ${request}/correct`, 'correctRequest', 'Puts right what an earlier event said; both stay readable.'],
      [`post ${request}/redact`, 'redactRequest', 'Makes one text of an earlier event unreadable for ever.'],
      [`get ${request}`, 'getRequest', 'A request as it stands.'],
      [`get ${request}/history`, 'getHistory', 'Every event of a request, in order.'],
      [`get ${request}/accountability`, 'getAccountability', 'Who held it in which stage, for how many seconds.'],
      [`get ${request}/service-levels`, 'getServiceLevels', 'What is promised for it, and how it stands.'],
      ['get /v1/requests', 'searchRequests', 'Finds requests by their number, however it was typed.'],
      [
        'get /v1/service-levels',
        'getServiceLevelPopulation',
        'The clocks of all cases: how many stand how, and which they are.',
      ],
      ['get /v1/queue', 'getQueue', 'What to do next: requests by the instant at which something is due.'],
      ['get /v1/events', 'getEvents', 'The change feed: one JSON object a line, in the order of the log.'],
      ['get /v1/stream', 'streamChanges', 'What happens to the cases one may see, as it happens.'],
      ['get /v1/service-level-policies', 'getPolicies', 'What is promised, in the order in which it is tried.'],
      [`get ${policy}`, 'getPolicy', 'One policy with all its revisions and its draft.'],
      [`get ${policy}/preview`, 'previewPolicy', 'How many cases the draft of a policy is for.'],
      [`post ${policy}/draft`, 'draftPolicy', 'Saves what a policy is to become.'],
      [`post ${policy}/activate`, 'activatePolicy', 'Makes the draft the revision that holds from an instant on.'],
      [`post ${policy}/correct`, 'correctPolicy', 'Lets the draft stand in for a revision that was wrong all along.'],
      [`post ${policy}/retire`, 'retirePolicy', 'Puts no further case under a policy.'],
      ['get /v1/calendars', 'getCalendars', 'By which calendars time is counted.'],
      [`get ${calendar}`, 'getCalendar', 'One calendar with all its revisions and its draft.'],
      [`post ${calendar}/draft`, 'draftCalendar', 'Saves what a calendar is to become.'],
      [`post ${calendar}/activate`, 'activateCalendar', 'Makes the draft the revision that holds from an instant on.'],
      [
        `post ${calendar}/correct`,
        'correctCalendar',
        'Lets the draft stand in for a revision that was wrong all along.',
      ],
      ['post /v1/backtests', 'startBacktest', 'Tries another policy or calendar on the whole past, as a job.'],
      ['get /v1/backtests', 'getBacktests', 'The back-tests that this server has run lately, and those that wait.'],
      ['get /v1/backtests/{id}', 'getBacktest', 'How far a back-test is, and what came out.'],
      ['delete /v1/backtests/{id}', 'cancelBacktest', 'Ends a back-test that waits or runs; forgets one that is over.'],
      ['post /v1/customers', 'registerCustomer', 'Makes somebody a customer who has not asked for anything yet.'],
      [`post ${customer}/segment`, 'segmentCustomer', 'Says which kind of customer somebody is.'],
      [`post ${customer}/add-contact-point`, 'addContactPoint', 'Adds an address on which they can be reached.'],
      [`post ${customer}/remove-contact-point`, 'removeContactPoint', 'Takes an address away.'],
      [`post ${customer}/prefer-contact-point`, 'preferContactPoint', 'Says which address of a channel to use.'],
      [
        `post ${customer}/state-preferences`,
        'statePreferences',
        'Records in which language and on which channel to speak.',
      ],
      [`post ${customer}/give-consent`, 'giveConsent', 'Records that data may be processed for a purpose.'],
      [`post ${customer}/withdraw-consent`, 'withdrawConsent', 'Records that a consent was taken back.'],
      [`post ${customer}/rectify`, 'rectifyCustomer', 'Puts right what was recorded wrongly about somebody.'],
      [`post ${customer}/agree-contract`, 'agreeContract', 'Records the contract that a customer is under.'],
      [`post ${customer}/end-contract`, 'endContract', 'Ends that contract.'],
      [`post ${customer}/join-organisation`, 'joinOrganisation', 'Makes a person one of an organisation’s people.'],
      [`post ${customer}/leave-organisation`, 'leaveOrganisation', 'Ends that membership.'],
      [`post ${customer}/merge`, 'mergeCustomer', 'Says that a customer is the same as another; can be taken back.'],
      [`post ${customer}/unmerge`, 'unmergeCustomer', 'Takes a merge back: each is their own again.'],
      [`post ${customer}/place-legal-hold`, 'placeLegalHold', 'Forbids to erase a customer while a matter lasts.'],
      [`post ${customer}/release-legal-hold`, 'releaseLegalHold', 'Says that the matter is over.'],
      [`post ${customer}/erase`, 'eraseCustomer', 'Makes everything about one person unreadable for ever.'],
    ] as const
  ).map(([operation, operationId, summary]) => [operation, { operationId, summary }]),
);
