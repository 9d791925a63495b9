import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RequestHandler } from 'express';
import sirv from 'sirv';

/** Finds a file by walking up from a folder; the sources and the bundle lie at different depths. */
export function findUp(from: string, relative: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, relative);
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) return null;
  }
}

/** Serves the built pages: assets for ever, pages anew each time, deep links get the one page. Null when they are not built. */
export function webFiles(): RequestHandler | null {
  const index =
    findUp(import.meta.dirname, 'apps/web/dist/index.html') ?? findUp(import.meta.dirname, 'web/dist/index.html');
  if (index === null) return null;
  return sirv(dirname(index), {
    single: true,
    brotli: true,
    gzip: true,
    ignores: [/^\/assets\//, /^\/(api|trpc|events|health|metrics)(\/|$)/],
    setHeaders(res, pathname) {
      const immutable = pathname.startsWith('/assets/');
      res.setHeader('Cache-Control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
