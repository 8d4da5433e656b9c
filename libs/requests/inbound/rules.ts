/** What an installation has settled about messages that come in. */
export class InboundRules {
  /** @param ownAddresses of the desk itself, in lower case */
  constructor(readonly ownAddresses: ReadonlySet<string>) {}
}
