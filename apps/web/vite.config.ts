import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, loadEnv, type Plugin } from 'vite';

const server = loadEnv('development', '.', 'QD_')['QD_SERVER_URL'] ?? 'http://127.0.0.1:5080';

/** Begins of addresses that are the server's. */
const proxied = [
  '/trpc',
  '/events',
  '/health',
  '/api',
  '/metrics',
  '/audit/export',
  '/users/export',
  // The page has the same address: what is told apart is the file on its way and its report.
  '^/users/import\\?name=',
  '^/users/import/[^/?]+/report',
  '/keys/calendar.ics',
  '/keys/export',
  '/keys/secrets/export',
  '/keys/leaks/file',
  '/slos/exclusions/export',
  '/slos/alerts/export',
];

const basics =
  /src[\\/](ui|lib)[\\/](button|call|class-names|error-state|errors|field|forbidden|format|glyph|icon|icon-button|kbd|mark|paths|presence|rule|skeleton|state-block|tooltip|zone)\.tsx?$/;

const wholeScales = 'victory-vendor/d3-scale';
const usedScales = '\0used-scales:';

/**
 * Recharts looks its scales up by name, so that a bundler has to keep every one of them with all they need: clocks,
 * logarithms, colours. Our axes are linear; band and point are what Recharts falls back to. About 6 KiB of gzip.
 */
const linearScales: Plugin = {
  name: 'linear-scales',
  enforce: 'pre',
  apply: 'build',
  async resolveId(source, importer) {
    if (source !== wholeScales) return null;
    const whole = await this.resolve(source, importer, { skipSelf: true });
    return whole === null ? null : `${usedScales}${whole.id}`;
  },
  load(id) {
    if (!id.startsWith(usedScales)) return null;
    return `export { scaleBand, scaleLinear, scalePoint } from ${JSON.stringify(id.slice(usedScales.length))};`;
  },
};

export default defineConfig({
  plugins: [linearScales, react(), tailwindcss()],
  server: {
    proxy: Object.fromEntries(proxied.map((path) => [path, server])),
  },
  build: {
    target: 'es2023',
    manifest: true,
    // The content policy allows fonts and images from our own origin only, not as data: addresses.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // One chunk that changes only with its versions. Charts, palette and dialogs must stay out of it: they
          // arrive by dynamic import with the screen that needs them.
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler|react-router)[\\/]/ },
            { name: 'data', test: /node_modules[\\/](@tanstack[\\/](react-query|query-core)|@trpc)[\\/]/ },
            // What sign-in already shows, in one file: as a chunk each, these small parts cost every screen 2 to 4 KiB more.
            { name: 'basics', test: basics },
          ],
        },
      },
    },
  },
});
