import { Button } from "@mantine/core";
import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { errorCode } from "../ui/error.text.ts";
import { FoyerMark } from "../ui/foyer.mark.tsx";
import { EmptyState, ErrorState } from "../ui/state.view.tsx";
import { uiTexts } from "../ui/ui.texts.ts";

/** An address that leads nowhere. */
export function MissingPage() {
  return (
    <main style={{ height: "100%" }}>
      <EmptyState
        full
        heading
        icon={<FoyerMark size={40} />}
        title={uiTexts.notFound}
        hint={uiTexts.notFoundHint}
        action={
          <Button component={Link} to="/" variant="default">
            {uiTexts.home}
          </Button>
        }
      />
    </main>
  );
}

/** A page that threw: known errors in their words with a retry, anything else with a reload. */
export function CrashPage(props: ErrorComponentProps) {
  const router = useRouter();
  const known = errorCode(props.error) !== "unknown";
  return (
    <main style={{ height: "100%" }}>
      {known ? (
        <ErrorState
          full
          error={props.error}
          onRetry={() => {
            props.reset();
            void router.invalidate();
          }}
        />
      ) : (
        <EmptyState
          full
          heading
          icon={<FoyerMark size={40} />}
          title={uiTexts.crashed}
          hint={uiTexts.crashedHint}
          action={
            <Button variant="default" onClick={() => location.reload()}>
              {uiTexts.reload}
            </Button>
          }
        />
      )}
    </main>
  );
}
