import { Radio, Stack, useMantineColorScheme } from "@mantine/core";
import { useColorScheme, useReducedMotion } from "@mantine/hooks";
import { Section } from "../../ui/sections.frame.tsx";
import styles from "./settings.module.css";
import { settingsTexts } from "./settings.texts.ts";

const t = settingsTexts.appearance;
const schemes = [
  { value: "light", label: t.light },
  { value: "dark", label: t.dark },
  { value: "auto", label: t.system },
] as const;

/** Colours of this browser, and what the system says about motion. */
export function AppearanceSection() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const system = useColorScheme();
  const reduced = useReducedMotion();
  return (
    <>
      <Section title={t.title} lead={t.lead}>
        <Radio.Group
          label={t.scheme}
          value={colorScheme}
          onChange={(value) => setColorScheme(value === "light" || value === "dark" ? value : "auto")}
        >
          <div className={styles.schemes}>
            {schemes.map((scheme) => (
              <Radio.Card key={scheme.value} value={scheme.value} className={styles.scheme}>
                <SchemePicture scheme={scheme.value} />
                <span className={styles.schemeLabel}>
                  <Radio.Indicator size="xs" classNames={{ indicator: styles.indicator ?? "" }} />
                  {scheme.label}
                </span>
              </Radio.Card>
            ))}
          </div>
        </Radio.Group>
        {colorScheme === "auto" && (
          <p className={styles.note}>{t.systemNote((system === "dark" ? t.dark : t.light).toLowerCase())}</p>
        )}
      </Section>
      <Section title={t.motion}>
        <Stack gap="sm">
          <p className={styles.plain}>{reduced ? t.motionReduced : t.motionFull}</p>
        </Stack>
      </Section>
    </>
  );
}

/** A small room in the colours of a scheme; both halves for "as the system". */
function SchemePicture({ scheme }: { scheme: "light" | "dark" | "auto" }) {
  return (
    <span aria-hidden className={styles.picture}>
      {(scheme === "auto" ? (["light", "dark"] as const) : [scheme]).map((half) => (
        <span key={half} className={styles.half} data-sample={half}>
          <span />
          <span />
          <span />
        </span>
      ))}
    </span>
  );
}
