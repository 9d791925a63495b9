/** A client of one identity provider (OpenID Connect Core 1.0). */
export interface OidcClient {
  issuer: string;
  clientId: string;
  /** Null for a public client, which proves itself by PKCE alone. */
  clientSecret: string | null;
  /** Where the provider sends people back to. */
  redirectUri: string;
}

/** What goes along to the provider and is expected back. */
export interface OidcRequest {
  state: string;
  nonce: string;
  /** Secret that the code is bound to (RFC 7636); 43 to 128 url-safe characters. */
  codeVerifier: string;
}

/** Who a provider says somebody is. `issuer` and `subject` are the identity; the rest is for people to read. */
export interface OidcIdentity {
  issuer: string;
  subject: string;
  email: string | null;
  name: string | null;
}

/** Identity providers, as the console needs them. */
export interface OidcPort {
  /** Finds the provider by discovery. Throws `invalid` when there is none at the address, `upstream` when it does not answer. */
  check(client: OidcClient): Promise<void>;
  /** Where to send the browser. Throws like `check`. */
  authorizationUrl(client: OidcClient, request: OidcRequest): Promise<URL>;
  /**
   * Who came back, by the query of the address they came back to. Throws `unauthenticated` when the provider refused, and
   * `invalid` when anything does not fit what was sent: state, nonce, verifier, issuer, signature, audience, time, or a code
   * used before. Throws `upstream` when the provider does not answer.
   */
  identify(client: OidcClient, query: URLSearchParams, sent: OidcRequest): Promise<OidcIdentity>;
  close(): void;
}

/** How calls to providers leave. The roof hands it in, so that one policy on addresses holds for every door. */
export interface OidcDoor {
  /**
   * One call, bounded in time; reading is tried again, what was posted is not. Throws DomainError `upstream` without a usable
   * answer, and `invalid` for an address that may not be called.
   */
  fetch(request: {
    url: URL;
    form: URLSearchParams | null;
    headers: Readonly<Record<string, string>>;
  }): Promise<{ status: number; contentType: string; text: string }>;
  close(): void;
}
