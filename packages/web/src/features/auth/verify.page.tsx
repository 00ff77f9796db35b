import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useClient } from "../../app/client.context.tsx";
import { isGuest, sessionQuery, useSession } from "../../app/session.ts";
import { errorText } from "../../ui/error.text.ts";
import { AuthFrame, FormAlert } from "./auth.frame.tsx";
import { authTexts as texts } from "./auth.texts.ts";
import { useFragment } from "./fragment.ts";

/**
 * Confirming an e-mail address by the link of an e-mail. It takes a press: programs that look into e-mails open links,
 * and would use it up.
 */
export function VerifyPage() {
  const client = useClient();
  const queries = useQueryClient();
  const session = useSession();
  const token = useFragment();
  const verify = useMutation({
    mutationFn: (given: string) => client.api.verifyEmail({ body: { token: given } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: sessionQuery(client).queryKey }),
  });
  const onward = isGuest(session) ? (
    <Link to="/sign-in">{texts.backToSignIn}</Link>
  ) : (
    <Link to="/settings/$" params={{ _splat: "email" }}>
      {texts.toEmailSettings}
    </Link>
  );
  if (token === undefined) {
    return (
      <AuthFrame title={texts.linkBroken} lead={texts.linkBrokenHint} below={onward}>
        {null}
      </AuthFrame>
    );
  }
  if (verify.isSuccess) {
    return (
      <AuthFrame title={texts.verifiedTitle} lead={texts.verifiedLead(verify.data.email)} below={onward}>
        <Button component={Link} to="/" fullWidth>
          {texts.toRooms}
        </Button>
      </AuthFrame>
    );
  }
  return (
    <AuthFrame title={texts.verifyTitle} lead={texts.verifyLead} below={onward}>
      <FormAlert text={verify.isError ? errorText(verify.error) : undefined} />
      <Button fullWidth loading={verify.isPending} onClick={() => verify.mutate(token)}>
        {texts.verify}
      </Button>
    </AuthFrame>
  );
}
