export { type RandomBytes } from './base62.ts';
export { parseKey, type KeyFault, type ParsedKey } from './diagnose.ts';
export {
  BODY_LENGTH,
  defaultKeyPrefix,
  formatKey,
  isKeyPrefix,
  keyEnvironments,
  keyLike,
  readKey,
  type ApiKeyParts,
  type Crc32,
  type KeyEnvironment,
} from './format.ts';
export {
  createKeyInput,
  DEFAULT_KEY_LIFE_DAYS,
  keyScopes,
  MAX_KEY_LIFE_DAYS,
  type ApiKeyState,
  type ApiKeyView,
  type CreateKeyInput,
} from './schemas.ts';
