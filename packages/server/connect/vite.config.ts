import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Builds the hosted page into the server's dist, beside its modules, from where it is served at /connect. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/connect/',
  plugins: [react()],
  build: {
    outDir: '../dist/connect-page',
    emptyOutDir: true,
    sourcemap: false,
    // Every module script that the page needs is in its HTML, and an inline polyfill would be refused by its policy.
    modulePreload: { polyfill: false },
    // Data addresses would need a wider content security policy.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
});
