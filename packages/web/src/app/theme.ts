import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type MantineThemeOverride,
  type VariantColorsResolver,
} from "@mantine/core";
import { uiTexts } from "../ui/ui.texts.ts";

/** Brass: index 4 is the accent on dark, index 8 the accent on light. */
const brass: MantineColorsTuple = [
  "#fdf6e6",
  "#f7e8c5",
  "#f0d79c",
  "#e6b659",
  "#d9a441",
  "#c8912e",
  "#b07c20",
  "#9d6f19",
  "#8f6414",
  "#7a5510",
];

/** Clay stands in for red: signal red belongs to live alone. */
const clay: MantineColorsTuple = [
  "#fcf0ea",
  "#f8e0d4",
  "#f4c9b4",
  "#f2b496",
  "#f0a27f",
  "#d67f58",
  "#bb6039",
  "#a94c29",
  "#9a4021",
  "#7f341a",
];

/** Neutral ink with a trace of plum, for Mantine's own dark surfaces. */
const ink: MantineColorsTuple = [
  "#ece6ef",
  "#cfc6d5",
  "#a99fb1",
  "#75697f",
  "#352c3f",
  "#2a2332",
  "#211b28",
  "#17131c",
  "#120e16",
  "#0d0a10",
];

/** Filled controls take their ink from the tokens: Mantine would choose it for one scheme and keep it in the other. */
const filledByToken: VariantColorsResolver = (input) => {
  const resolved = defaultVariantColorsResolver(input);
  if (input.variant !== "filled") return resolved;
  if (input.color === "red")
    return { ...resolved, background: "var(--f-danger)", hover: "var(--f-danger)", color: "var(--f-danger-ink)" };
  if (input.color !== undefined && input.color !== "brass") return resolved;
  return { ...resolved, background: "var(--f-accent)", hover: "var(--f-accent-hover)", color: "var(--f-accent-ink)" };
};

/** Warm greys of the light scheme, for what Mantine takes from its own: skeletons, tracks, disabled controls. */
const stone: MantineColorsTuple = [
  "#fbf8f3",
  "#f5efe5",
  "#ece4d8",
  "#e3dacb",
  "#cfc4b3",
  "#a79b88",
  "#7d7261",
  "#675d6e",
  "#4a4150",
  "#241d2b",
];

/** Mantine's theme: sizes, corners, the accent. Colours of surfaces and text come from tokens.css. */
export const theme: MantineThemeOverride = createTheme({
  fontFamily: '"Inter Variable", system-ui, -apple-system, "Segoe UI", sans-serif',
  fontFamilyMonospace: "var(--f-mono)",
  primaryColor: "brass",
  primaryShade: { light: 8, dark: 4 },
  colors: { brass, red: clay, dark: ink, gray: stone },
  variantColorResolver: filledByToken,
  defaultRadius: "md",
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "12px", xl: "16px" },
  spacing: { xs: "4px", sm: "8px", md: "16px", lg: "24px", xl: "32px" },
  fontSizes: { xs: "12px", sm: "13px", md: "15px", lg: "18px", xl: "22px" },
  lineHeights: { xs: "1.4", sm: "1.45", md: "1.5", lg: "1.4", xl: "1.3" },
  fontWeights: { regular: "400", medium: "600", bold: "600" },
  headings: {
    fontWeight: "600",
    textWrap: "balance",
    sizes: {
      h1: { fontSize: "22px", lineHeight: "1.3" },
      h2: { fontSize: "18px", lineHeight: "1.4" },
      h3: { fontSize: "15px", lineHeight: "1.5" },
    },
  },
  shadows: { xs: "none", sm: "none", md: "var(--f-float)", lg: "var(--f-float)", xl: "var(--f-float)" },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: "sm" } },
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray", size: "var(--f-target)" } },
    Badge: { defaultProps: { tt: "none" } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: false, transitionProps: { duration: 120 } } },
    // The first item takes the focus, and what floats stands in a landmark of its own.
    Portal: { defaultProps: { target: "#floating" } },
    Menu: {
      defaultProps: {
        withInitialFocusPlaceholder: false,
        menuItemTabIndex: 0,
        transitionProps: { duration: 120 },
        shadow: "md",
        withinPortal: true,
      },
    },
    Popover: { defaultProps: { transitionProps: { duration: 120 }, shadow: "md" } },
    Modal: {
      defaultProps: {
        closeButtonProps: { "aria-label": uiTexts.close },
        centered: true,
        transitionProps: { duration: 160 },
      },
    },
    Drawer: { defaultProps: { transitionProps: { duration: 180 } } },
  },
});

const surfaces = {
  "--mantine-color-body": "var(--f-ground)",
  "--mantine-color-text": "var(--f-text)",
  "--mantine-color-bright": "var(--f-text)",
  "--mantine-color-dimmed": "var(--f-muted)",
  "--mantine-color-placeholder": "var(--f-muted)",
  "--mantine-color-anchor": "var(--f-accent)",
  "--mantine-color-error": "var(--f-danger)",
  "--mantine-color-default": "var(--f-raised)",
  "--mantine-color-default-hover": "var(--f-hover)",
  "--mantine-color-default-color": "var(--f-text)",
  "--mantine-color-default-border": "var(--f-line)",
  "--mantine-color-gray-light": "var(--f-hover)",
  "--mantine-color-gray-light-hover": "var(--f-hover)",
  "--mantine-color-gray-light-color": "var(--f-muted)",
  "--mantine-color-gray-text": "var(--f-muted)",
  "--mantine-color-brass-light": "var(--f-accent-soft)",
  "--mantine-color-brass-light-hover": "var(--f-accent-soft)",
  "--mantine-color-brass-light-color": "var(--f-accent)",
  "--mantine-color-brass-text": "var(--f-accent)",
  "--mantine-color-brass-outline": "var(--f-accent)",
  "--mantine-color-red-6": "var(--f-danger)",
  "--mantine-color-red-light": "var(--f-danger-soft)",
  "--mantine-color-red-light-hover": "var(--f-danger-soft)",
  "--mantine-color-red-light-color": "var(--f-danger)",
  "--mantine-color-red-text": "var(--f-danger)",
  "--mantine-color-red-outline": "var(--f-danger)",
};

/** Points Mantine's surface variables at our tokens, for both schemes alike. */
export const variables: CSSVariablesResolver = () => ({ variables: {}, light: surfaces, dark: surfaces });
