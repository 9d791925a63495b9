/** The part of oidc-provider (which ships no types) that tests use. */
declare module 'oidc-provider' {
  import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

  class Grant {
    constructor(of: { clientId: string; accountId: string });
    addOIDCScope(scope: string): void;
    save(): Promise<string>;
  }

  interface KoaContext {
    oidc: { client: { clientId: string }; session: { accountId: string } };
  }

  export interface ProviderOptions {
    clients: object[];
    jwks: { keys: object[] };
    cookies: { keys: string[] };
    claims: Record<string, string[]>;
    conformIdTokenClaims: boolean;
    features: { devInteractions: { enabled: boolean } };
    interactions: { url(ctx: unknown, interaction: { uid: string }): string };
    ttl: Record<string, number>;
    findAccount(
      ctx: unknown,
      id: string,
    ): Promise<{ accountId: string; claims(): Promise<Record<string, unknown> & { sub: string }> }>;
    loadExistingGrant(ctx: KoaContext): Promise<Grant>;
  }

  export class Provider {
    constructor(issuer: string, options: ProviderOptions);
    readonly Grant: typeof Grant;
    callback(): RequestListener;
    interactionFinished(
      req: IncomingMessage,
      res: ServerResponse,
      result: { login: { accountId: string } },
      options: { mergeWithLastSubmission: boolean },
    ): Promise<void>;
  }
}
