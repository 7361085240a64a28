import { defineConfig } from 'vite';

// A few pages, one bundle graph. Nothing is inlined (no data: URIs, no inline script), so that the hosts may send a
// strict Content-Security-Policy.
export default defineConfig({
  base: '/',
  build: {
    outDir: '../wwwroot',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    rolldownOptions: {
      input: { index: 'index.html', desk: 'desk.html', lead: 'lead.html', leads: 'leads.html', setup: 'setup.html', login: 'login.html' },
    },
  },
});
