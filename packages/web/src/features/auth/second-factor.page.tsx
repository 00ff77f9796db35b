import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { AuthFrame } from "./auth.frame.tsx";
import { authTexts as texts } from "./auth.texts.ts";
import { useFragment } from "./fragment.ts";
import { pendingOf } from "./pending.step.ts";
import { SecondStep } from "./second.step.tsx";

/** Where somebody goes on who came back from a provider, and whose account asks for a second step. */
export function SecondFactorPage() {
  const navigate = useNavigate();
  const { next } = useSearch({ from: "/sign-in/second-factor" });
  const pending = pendingOf(useFragment());
  const way = next === undefined ? {} : { next };
  if (pending === undefined) {
    const below = (
      <Link to="/sign-in" search={way}>
        {texts.restart}
      </Link>
    );
    return (
      <AuthFrame title={texts.linkBroken} lead={texts.linkBrokenHint} below={below}>
        {null}
      </AuthFrame>
    );
  }
  return (
    <AuthFrame title={texts.secondTitle} lead={texts.secondLead}>
      <SecondStep
        {...pending}
        next={next}
        onRestart={(why) =>
          void navigate({ to: "/sign-in", search: why === undefined ? way : { ...way, notice: "late" } })
        }
      />
    </AuthFrame>
  );
}
