import { z } from 'zod';

/** One environment variable: how it is read, and how it is documented. */
export interface Variable<S extends z.ZodType> {
  schema: S;
  /** Default as it is printed in the documentation. */
  fallback: string;
  doc: string;
}

/** Puts a variable together. */
export function variable<S extends z.ZodType>(schema: S, fallback: string, doc: string): Variable<S> {
  return { schema, fallback, doc };
}

/** A URL of one of these protocols (with the colon), as text. */
export function url(protocols: readonly string[], example: string) {
  return z
    .string()
    .refine((v) => URL.canParse(v) && protocols.includes(new URL(v).protocol), `give a URL like ${example}`);
}

/** A fault in one variable, in words. */
export interface ConfigFault {
  name: string;
  message: string;
}
