import { Caller } from './caller';
import { TokenRefused, TokenVerifier } from './token-verifier';

/** Believes the tokens of those alone who still work here. Customers have no such end. */
export class TokensInService implements TokenVerifier {
  constructor(
    private readonly tokens: TokenVerifier,
    private readonly isRetired: (staff: string) => Promise<boolean>,
  ) {}

  async verify(token: string): Promise<Caller> {
    const caller = await this.tokens.verify(token);
    if (caller.role !== 'customer' && (await this.isRetired(caller.id)))
      throw new TokenRefused('its bearer works here no more');
    return caller;
  }
}
