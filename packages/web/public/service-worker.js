// Shows alerts that arrive while no page is open, and a page that says so when there is no network. It keeps nothing of
// the app and nothing of the API: what is shown is always what the server has now.

const offlineCache = "foyer-offline-1";
const offlinePage = "/offline.html";
// Which of the account's devices this browser is: push.device.ts writes it, too.
const deviceCache = "foyer-device";
const deviceKey = "/push-device";

self.addEventListener("install", (event) => {
  // Nothing of an older app can be in the way of a newer worker, so that it need not wait for pages to close.
  self.skipWaiting();
  event.waitUntil(caches.open(offlineCache).then((cache) => cache.add(new Request(offlinePage, { cache: "reload" }))));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name !== offlineCache && name !== deviceCache) await caches.delete(name);
      }
      // Only pages that it controls can be led elsewhere when a notification is pressed.
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode !== "navigate" || request.method !== "GET") return;
  // Signing in by a provider, files and interfaces: the browser's own way, with its own words when it fails.
  if (/^\/(?:api|auth|ws|webhooks)(?:\/|$)/.test(new URL(request.url).pathname)) return;
  event.respondWith(
    fetch(request).catch(async (error) => {
      const page = await caches.match(offlinePage, { cacheName: offlineCache });
      if (page === undefined) throw error;
      return page;
    }),
  );
});

self.addEventListener("push", (event) => {
  const { title, body, url, icon, tag } = payloadOf(event.data);
  event.waitUntil(
    self.registration.showNotification(title, {
      body,
      icon: addressOf(icon) ?? "/icons/icon-192.png",
      badge: "/icons/badge-96.png",
      data: { url: addressOf(url) ?? "/" },
      ...(tag === undefined ? {} : { tag }),
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(addressOf(event.notification.data?.url) ?? "/", self.location.origin);
  event.waitUntil(open(url));
});

// Browsers exchange subscriptions now and then: the server is told the new one, as long as the same person is here.
self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil(renew(event).catch(() => undefined));
});

/** Whatever comes has to be shown: browsers take the permission away from who does not. */
function payloadOf(data) {
  const texts = {};
  try {
    for (const [key, value] of Object.entries(data.json())) if (typeof value === "string") texts[key] = value;
  } catch {
    // No data, or none of ours.
  }
  return { body: "", ...texts, title: texts.title || "Foyer" };
}

/** An address of the web, or undefined for everything else. */
function addressOf(text) {
  if (typeof text !== "string" || !URL.canParse(text, self.location.origin)) return undefined;
  const url = new URL(text, self.location.origin);
  return url.protocol === "https:" || url.protocol === "http:" ? url.href : undefined;
}

/** Pages of this server in a window that is open already, all else in a new one. */
async function open(url) {
  if (url.origin === self.location.origin) {
    const [page] = await self.clients.matchAll({ type: "window" });
    if (page !== undefined) {
      await page.focus().catch(() => undefined);
      if (page.url !== url.href) await page.navigate(url.href);
      return;
    }
  }
  await self.clients.openWindow(url.href);
}

async function renew({ newSubscription, oldSubscription }) {
  const cache = await caches.open(deviceCache);
  const known = await (await cache.match(deviceKey))?.json();
  if (known === undefined) return;
  const session = await (await fetch("/api/auth/session")).json();
  if (session.account?.accountId !== known.accountId) return;
  const { endpoint, expirationTime, keys } = (
    newSubscription ?? (await self.registration.pushManager.subscribe(oldSubscription.options))
  ).toJSON();
  const answer = await fetch("/api/push/subscriptions", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ endpoint, expirationTime, keys }),
  });
  if (!answer.ok) return;
  const { pushId } = await answer.json();
  await cache.put(deviceKey, Response.json({ pushId, accountId: known.accountId }));
  await fetch(`/api/push/subscriptions/${known.pushId}`, { method: "DELETE" });
}
