/** What an installation has settled about messages that come in. */
export class InboundRules {
  constructor(
    /** Of the desk itself, in lower case. */
    readonly ownAddresses: ReadonlySet<string>,
    /** What a customer's reply to a case that is over does. */
    readonly replyToClosed: 'follow-up' | 'reopen',
  ) {}
}
