import { z } from 'zod';

/** Short name of a platform in URLs, keys and scopes. */
export const platformId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,31}$/, 'use 2 to 32 of a-z, 0-9 and "-", starting with a letter');

export interface PlatformView {
  id: string;
  name: string;
  isDemo: boolean;
  sloCount: number;
}
