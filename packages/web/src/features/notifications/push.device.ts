import type { FoyerClient } from "@foyer/client";
import type { PushDevice } from "@foyer/protocol";

/** Which device of which account this browser is. The worker reads and renews it, so that it lies where both reach. */
interface Known {
  pushId: string;
  accountId: string;
}

const cacheName = "foyer-device";
const cacheKey = "/push-device";

/** How alerts can reach this browser, or why they cannot. */
export type DeviceAbility = "possible" | "blocked" | "home_screen" | "insecure" | "unsupported";

/** What is asked of the browser here; `blocked` is what the person said, and they can take it back. */
export function deviceAbility(browser: typeof globalThis = globalThis): DeviceAbility {
  if (browser.isSecureContext === false) return "insecure";
  const knows = "serviceWorker" in browser.navigator && "PushManager" in browser && "Notification" in browser;
  if (!knows) return isAppleTouch(browser.navigator) ? "home_screen" : "unsupported";
  return browser.Notification.permission === "denied" ? "blocked" : "possible";
}

/** iPhones and iPads: there, only what stands on the home screen may notify. iPads call themselves a Mac. */
function isAppleTouch(navigator: Navigator): boolean {
  const { userAgent, maxTouchPoints } = navigator;
  return /iPhone|iPad|iPod/.test(userAgent) || (userAgent.includes("Macintosh") && maxTouchPoints > 1);
}

/** Lets the worker in: without it nothing can be installed, and nothing arrives while no page is open. */
async function registration(): Promise<ServiceWorkerRegistration> {
  await navigator.serviceWorker.register("/service-worker.js", { scope: "/", updateViaCache: "none" });
  return navigator.serviceWorker.ready;
}

/** The device of this browser for this account, as far as it has one: its id in the list of devices. */
export async function ownDevice(accountId: string): Promise<string | undefined> {
  if (deviceAbility() !== "possible") return undefined;
  const known = await read();
  if (known?.accountId !== accountId || (await subscription()) === null) return undefined;
  return known.pushId;
}

/**
 * Lets alerts reach this browser; the browser asks the person. Undefined: they said no. To be called from a press, or
 * browsers do not ask.
 */
export async function addDevice(client: FoyerClient, accountId: string): Promise<PushDevice | undefined> {
  if ((await Notification.requestPermission()) !== "granted") return undefined;
  const [{ pushManager }, { publicKey }] = await Promise.all([registration(), client.api.getPushKey()]);
  const options = { userVisibleOnly: true, applicationServerKey: publicKey };
  const made = await pushManager.subscribe(options).catch(async (error: unknown) => {
    // One for another key of the server, such as before its data was brought here, is in the way.
    const old = await pushManager.getSubscription();
    if (old === null) throw error;
    await old.unsubscribe();
    return pushManager.subscribe(options);
  });
  const { endpoint = "", expirationTime = null, keys = {} } = made.toJSON();
  const device = await client.api.addPushDevice({
    body: { endpoint, expirationTime, keys: { p256dh: keys["p256dh"] ?? "", auth: keys["auth"] ?? "" } },
  });
  await write({ pushId: device.pushId, accountId });
  return device;
}

/** Ends a device of the account; that of this browser in the browser, too. */
export async function removeDevice(client: FoyerClient, pushId: string): Promise<void> {
  await client.api.removePushDevice({ params: { pushId } });
  if ((await read())?.pushId === pushId) await forget();
}

/** For signing out: whoever comes next must hear nothing of what was meant for this person. */
export async function leaveDevice(client: FoyerClient): Promise<void> {
  const known = await read();
  if (known === undefined) return;
  await Promise.allSettled([client.api.removePushDevice({ params: { pushId: known.pushId } }), forget()]);
}

/**
 * Once for each visit of somebody with an account: makes the app installable, and ends what somebody else left in this
 * browser, whose signing out was not seen here.
 */
export async function settleDevice(accountId: string): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  await registration();
  const known = await read();
  if (known !== undefined && known.accountId !== accountId) await forget();
}

async function subscription(): Promise<PushSubscription | null> {
  const registered = await navigator.serviceWorker.getRegistration("/");
  return (await registered?.pushManager.getSubscription()) ?? null;
}

/** Without a subscription its address is gone (410), and the server lets go of it, even where it could not be told. */
async function forget(): Promise<void> {
  await (await subscription())?.unsubscribe();
  await (await caches.open(cacheName)).delete(cacheKey);
}

async function read(): Promise<Known | undefined> {
  if (!("caches" in globalThis)) return undefined;
  const found = await (await caches.open(cacheName)).match(cacheKey);
  return (await found?.json()) as Known | undefined;
}

async function write(known: Known): Promise<void> {
  await (await caches.open(cacheName)).put(cacheKey, Response.json(known));
}
