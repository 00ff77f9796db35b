import { expect, test } from "vitest";
import { deviceAbility } from "./push.device.ts";

const agents = {
  phone: "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1",
  tablet: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/19.0 Safari/605.1.15",
  desktop: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/153.0.0.0 Safari/537.36",
};

interface Feigned {
  agent?: string;
  touch?: number;
  secure?: boolean;
  push?: boolean;
  permission?: NotificationPermission;
}

function browser({ agent = agents.desktop, touch = 0, secure = true, push = true, permission = "default" }: Feigned) {
  return {
    isSecureContext: secure,
    navigator: { userAgent: agent, maxTouchPoints: touch, serviceWorker: {} },
    ...(push ? { PushManager: class {}, Notification: { permission } } : {}),
  } as unknown as typeof globalThis;
}

test("a browser that knows push can be notified, unless the person has said no", () => {
  expect(deviceAbility(browser({}))).toBe("possible");
  expect(deviceAbility(browser({ permission: "granted" }))).toBe("possible");
  expect(deviceAbility(browser({ permission: "denied" }))).toBe("blocked");
});

test("an iPhone or iPad without push has to put the app on its home screen first; others cannot", () => {
  expect(deviceAbility(browser({ agent: agents.phone, touch: 5, push: false }))).toBe("home_screen");
  expect(deviceAbility(browser({ agent: agents.tablet, touch: 5, push: false }))).toBe("home_screen");
  expect(deviceAbility(browser({ agent: agents.tablet, push: false }))).toBe("unsupported");
  expect(deviceAbility(browser({ push: false }))).toBe("unsupported");
  expect(deviceAbility(browser({ agent: agents.phone, touch: 5 }))).toBe("possible");
});

test("without https nothing can be, whatever the browser knows", () => {
  expect(deviceAbility(browser({ secure: false }))).toBe("insecure");
});
