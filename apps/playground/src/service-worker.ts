// Keeps the site for when there is no network. The build puts the list of its files in, and a version made of their contents.
export {};

declare const siteFiles: readonly string[];
declare const siteVersion: string;

interface LifetimeEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface RequestEvent extends LifetimeEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

const prefix = 'gankit-playground-';
const name = prefix + siteVersion;
const { caches } = globalThis;
const worker = globalThis as unknown as {
  readonly registration: { readonly scope: string };
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
};

addEventListener('install', (event) => {
  const keep = async () => {
    const cache = await caches.open(name);
    await cache.addAll(siteFiles.map((file) => new URL(file, worker.registration.scope).href));
    await worker.skipWaiting();
  };
  (event as LifetimeEvent).waitUntil(keep());
});

addEventListener('activate', (event) => {
  const tidy = async () => {
    const old = (await caches.keys()).filter((key) => key.startsWith(prefix) && key !== name);
    await Promise.all(old.map((key) => caches.delete(key)));
    await worker.clients.claim();
  };
  (event as LifetimeEvent).waitUntil(tidy());
});

addEventListener('fetch', (event) => {
  const { request } = event as RequestEvent;
  if (request.method !== 'GET' || !request.url.startsWith(worker.registration.scope)) return;
  const answer = async () => {
    const cache = await caches.open(name);
    const isPage = request.mode === 'navigate';
    // The newest page where there is a network; names of files change with their contents, so those are never old.
    if (isPage)
      return fetch(request).catch(async () => (await cache.match(worker.registration.scope)) ?? Response.error());
    return (await cache.match(request, { ignoreVary: true })) ?? fetch(request);
  };
  (event as RequestEvent).respondWith(answer());
});
