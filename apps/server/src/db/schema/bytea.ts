import { customType } from 'drizzle-orm/pg-core';

/** Raw bytes as a plain Uint8Array from either driver; node-postgres would hand over its Buffer subclass. */
export const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  fromDriver: (bytes) => Uint8Array.from(bytes),
});
