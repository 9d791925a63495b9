import type { Peppers } from '../../../platform/pepper.ts';
import type { Sealing } from '../../../platform/sealing.ts';
import type { TombstoneKeeper } from './ending/tombstones.ts';
import type { Keys } from './verifier.ts';

/** What the verbs of keys work with besides the context. */
export interface ApiKeysDeps {
  /** Keys are hashed under the current one. */
  peppers: Peppers;
  keys: Keys;
  /** Knows which keys were revoked, whatever the tables say. */
  tombstones: TombstoneKeeper;
  /** Seals links until they are mailed. */
  sealing: Sealing;
  /** False where mail goes to the log only, so that links are shown to whoever makes them. */
  canMail: boolean;
  /** Why a webhook may not be called at an address, such as that of a metadata service; null: it may. */
  receiverFault(address: string): string | null;
}
