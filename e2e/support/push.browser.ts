import type { PushSimulator, PushSubscriber } from "@foyer/simulators/push";
import type { BrowserContext, Page, Worker } from "playwright-core";
import { expect } from "vitest";

/**
 * Gives a window the part of a browser that reaches no push service from here: the permission, and a subscription at the
 * simulated one. What is sent there is sealed for it, as for any browser.
 */
export async function feignPush(
  context: BrowserContext,
  push: PushSimulator,
  senderKey: string,
): Promise<PushSubscriber> {
  const subscriber = push.subscribe({ name: "a window", senderKey });
  await context.addInitScript((json) => {
    if (!("PushManager" in globalThis)) return;
    const key = "feigned-push";
    const subscription = {
      ...json,
      toJSON: () => json,
      unsubscribe: async () => {
        localStorage.removeItem(key);
        return true;
      },
    } as unknown as PushSubscription;
    Object.defineProperty(Notification, "permission", { get: () => "default" });
    Notification.requestPermission = async () => "granted";
    PushManager.prototype.getSubscription = async () => (localStorage.getItem(key) === null ? null : subscription);
    PushManager.prototype.subscribe = async () => {
      localStorage.setItem(key, "on");
      return subscription;
    };
  }, subscriber.json());
  return subscriber;
}

/** Whether the browser itself is subscribed, as far as the page can tell. */
export const isSubscribed = (page: Page): Promise<boolean> =>
  page.evaluate(() => localStorage.getItem("feigned-push") !== null);

/** The worker of a window, once it controls it. */
export async function workerOf(page: Page): Promise<Worker> {
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  const [worker] = page.context().serviceWorkers();
  if (worker === undefined) throw new Error("the browser does not show its worker");
  return worker;
}

/** What a worker did to the screen. */
export interface Shown {
  notifications: { title: string; body: string; tag: string; icon: string; data: { url: string } }[];
  opened: string[];
}

interface WorkerScope {
  registration: { showNotification(title: string, options: object): Promise<void> };
  clients: { openWindow(url: string): Promise<null> };
  shown: Shown;
}

/** Notes what a worker would show: this browser has no screen, and refuses. Gives what reads it. */
export async function watchScreen(worker: Worker): Promise<() => Promise<Shown>> {
  await worker.evaluate(() => {
    const scope = globalThis as unknown as WorkerScope;
    scope.shown = { notifications: [], opened: [] };
    scope.registration.showNotification = async (title, options) => {
      scope.shown.notifications.push({ title, ...options } as Shown["notifications"][number]);
    };
    scope.clients.openWindow = async (url) => {
      scope.shown.opened.push(url);
      return null;
    };
  });
  return () => worker.evaluate(() => (globalThis as unknown as WorkerScope).shown);
}

/** Hands a push to the worker of a window, as the push service of its browser does. */
export async function deliverPush(page: Page, data: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const { promise, resolve } = Promise.withResolvers<string>();
  devtools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
    const [registration] = registrations;
    if (registration !== undefined) resolve(registration.registrationId);
  });
  await devtools.send("ServiceWorker.enable");
  const origin = new URL(page.url()).origin;
  await devtools.send("ServiceWorker.deliverPushMessage", { origin, registrationId: await promise, data });
  await devtools.detach();
}

/** Presses a notification that leads to this address. */
export function pressNotification(worker: Worker, url: string): Promise<void> {
  return worker.evaluate((target) => {
    const event = new Event("notificationclick");
    Object.defineProperties(event, {
      notification: { value: { close: () => undefined, data: { url: target } } },
      waitUntil: { value: () => undefined },
    });
    globalThis.dispatchEvent(event);
  }, url);
}
