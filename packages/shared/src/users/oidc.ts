import { z } from 'zod';
import { MINUTE_MS } from '../time/index.ts';
import { linkToken } from './invitations.ts';
import { personName } from './text.ts';

/** Path a provider sends people back to, on whatever address browsers know the console by. */
export const OIDC_CALLBACK_PATH = '/auth/oidc/callback';
/** How long a browser may be away at an identity provider. */
export const OIDC_LIFE_MS = 10 * MINUTE_MS;
/** Identity providers there may be. */
export const MAX_OIDC_PROVIDERS = 20;

/** Id of an identity provider. */
export const oidcProviderId = z.string().regex(/^idp_[A-Za-z0-9_-]{4,40}$/, 'is not the id of a provider');

const path = String.raw`(/[A-Za-z0-9._~%!$&'()*+,;=:@-]*)*`;
const secureIssuer = new RegExp(String.raw`^https://([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:\d{1,5})?${path}$`);
const ownMachine = new RegExp(String.raw`^http://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?${path}$`);

/**
 * An issuer (OpenID Connect Discovery 1.0 §3): https without query or fragment; plain http only for a provider on the
 * console's own machine.
 */
export const issuerUrl = z
  .string()
  .trim()
  .max(500, { error: 'is too long', abort: true })
  .refine(
    (text) => secureIssuer.test(text) || ownMachine.test(text),
    'give an address like https://id.example.com, with https and without user, “?” or “#”',
  );

const plainText = (most: number) =>
  z
    .string()
    .min(1, 'is missing')
    .max(most, `use at most ${most} characters`)
    .regex(/^[\u0020-\u007e]+$/, 'use plain letters, digits and signs');

/** A provider to add (`id` null) or to change. */
export const saveOidcProviderInput = z.strictObject({
  id: oidcProviderId.nullable(),
  /** Version the change was made on; 0 for a new one. */
  version: z.number().int().min(0),
  name: personName,
  issuer: issuerUrl,
  clientId: plainText(300),
  /** Null keeps the one there is; a new provider without one is a public client. */
  clientSecret: plainText(1_000).nullable(),
  isEnabled: z.boolean(),
});
export type SaveOidcProviderInput = z.output<typeof saveOidcProviderInput>;

export const removeOidcProviderInput = z.strictObject({ id: oidcProviderId, version: z.number().int().min(1) });
export type RemoveOidcProviderInput = z.output<typeof removeOidcProviderInput>;

/** A provider as those who manage it see it; its secret never leaves. Instants are epoch ms. */
export interface OidcProviderView {
  id: string;
  name: string;
  issuer: string;
  clientId: string;
  hasSecret: boolean;
  isEnabled: boolean;
  version: number;
  /** People who can sign in through it. */
  people: number;
  createdAt: number;
  updatedAt: number;
}

/** All providers, and what to enter there. */
export interface OidcProviderList {
  providers: OidcProviderView[];
  /** The address a provider must let people come back to. */
  redirectUri: string;
}

/** A provider as the sign-in page offers it. */
export interface SignInProvider {
  id: string;
  name: string;
}

/** An identity that signs a person in. Instants are epoch ms. */
export interface LinkedIdentity {
  /** Null when the provider is no longer set up here. */
  providerId: string | null;
  provider: string;
  issuer: string;
  subject: string;
  email: string | null;
  linkedAt: number;
  lastUsedAt: number | null;
}

export const linkOidcInput = z.strictObject({ id: oidcProviderId });
export const unlinkOidcInput = z.strictObject({ issuer: z.string().max(500), subject: z.string().max(255) });
export type UnlinkOidcInput = z.output<typeof unlinkOidcInput>;

/** Accepting an invitation through a provider instead of with a password. */
export const acceptInviteThroughInput = z.strictObject({
  token: linkToken,
  name: personName,
  provider: oidcProviderId,
});
export type AcceptInviteThroughInput = z.output<typeof acceptInviteThroughInput>;

/** Where the browser goes next: the provider's own page. */
export interface OidcStart {
  url: string;
}

const segment = '/[A-Za-z0-9_~%@:+,=-][A-Za-z0-9._~%@:+,=-]*';
const ownPage = new RegExp(String.raw`^(?=/)(${segment})*/?([?][^\s\\#]*)?(#[^\s\\]*)?$`);

/**
 * The path to go to afterwards, or `/`: only a page of this console. Browsers read `//host`, `/\host` and tabs inside
 * them as another site, and dots as a way up.
 */
export function returnPath(text: string | undefined): string {
  return text !== undefined && text.length <= 500 && ownPage.test(text) ? text : '/';
}
