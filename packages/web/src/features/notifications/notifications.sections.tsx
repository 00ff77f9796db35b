import { DevicesSection } from "./devices.section.tsx";
import { PreferencesSection } from "./preferences.section.tsx";
import { QuietSection } from "./quiet.section.tsx";

/** How one wants to hear of streams: by whom, by which way, and when not. */
export function NotificationsSections() {
  return (
    <>
      <PreferencesSection />
      <DevicesSection />
      <QuietSection />
    </>
  );
}
