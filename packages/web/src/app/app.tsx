import type { FoyerClient } from "@foyer/client";
import { MantineProvider } from "@mantine/core";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { uiTexts } from "../ui/ui.texts.ts";
import { ClientProvider } from "./client.context.tsx";
import type { AppRouter } from "./router.tsx";
import { type StepUp, StepUpProvider, useStepUpQuestion } from "./step.up.ts";
import { theme, variables } from "./theme.ts";

/** Toasts: nothing that is shown first needs them. What is said before they are here waits in their store. */
const Toasts = lazy(async () => ({ default: (await import("../ui/toast.outlet.tsx")).ToastOutlet }));

const StepUpDialog = lazy(async () => ({
  default: (await import("../features/step-up/step-up.dialog.tsx")).StepUpDialog,
}));

/** Where a person is asked to show again who they are, whatever asked for it. */
function StepUpOutlet() {
  const question = useStepUpQuestion();
  if (question === undefined) return null;
  return (
    <Suspense fallback={null}>
      <StepUpDialog question={question} />
    </Suspense>
  );
}

/** The whole app over what main.tsx made. */
export function App(props: { client: FoyerClient; stepUp: StepUp; queries: QueryClient; router: AppRouter }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <QueryClientProvider client={props.queries}>
        <ClientProvider client={props.client}>
          <StepUpProvider value={props.stepUp}>
            <RouterProvider router={props.router} />
            <StepUpOutlet />
          </StepUpProvider>
          {/* Everything that floats is put here, so that it stands in a landmark; after the page, so that its skip link is first. */}
          <div id="floating" role="region" aria-label={uiTexts.floating} />
          <Suspense fallback={null}>
            <Toasts />
          </Suspense>
        </ClientProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
