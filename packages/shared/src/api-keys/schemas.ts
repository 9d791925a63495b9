import { pageInput } from '../paging/index.ts';
import type { KeyEnvironment } from './format.ts';
import type { ApiKeyState } from './state.ts';

/** A page of keys, by id. */
export const listKeysInput = pageInput.strict();

/** A key as lists show it; never its secret. Instants are epoch ms. */
export interface ApiKeyView {
  /** The public part of the key. */
  id: string;
  name: string;
  platform: string;
  environment: KeyEnvironment;
  scopes: string[];
  state: ApiKeyState;
  ownerId: string | null;
  ownerEmail: string | null;
  isDemo: boolean;
  createdAt: number;
  expiresAt: number | null;
  revokedAt: number | null;
  lastUsedAt: number | null;
}
