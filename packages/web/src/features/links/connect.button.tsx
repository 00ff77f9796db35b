import type { SignInProvider } from "@foyer/protocol";
import { Button, type ButtonProps } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useClient } from "../../app/client.context.tsx";
import { sayError } from "../../ui/undo.toast.tsx";
import { ProviderMark } from "../auth/provider.mark.tsx";
import { OtherAddressDialog, otherAddress } from "./other.address.tsx";
import { waysBackTo } from "./return.path.ts";

interface ConnectProps extends ButtonProps {
  provider: SignInProvider;
  /** The provider's name. */
  name: string;
  /** The page to come back to: a path of this app. */
  page: string;
  /** What the button says. */
  label: string;
}

/** Connects an account of a provider on the way of something else, and comes back to that. */
export function ConnectButton({ provider, name, page, label, ...rest }: ConnectProps) {
  const client = useClient();
  const connect = useMutation({
    mutationFn: () => client.api.startLink({ params: { provider }, body: waysBackTo(page) }),
    onSuccess: ({ url }) => location.assign(url),
    onError: (error) => {
      if (otherAddress(error) === undefined) sayError(error);
    },
  });
  return (
    <>
      <Button
        leftSection={<ProviderMark provider={provider} size={18} />}
        {...rest}
        loading={connect.isPending || connect.isSuccess}
        onClick={() => connect.mutate()}
      >
        {label}
      </Button>
      <OtherAddressDialog provider={name} error={connect.error} onClose={connect.reset} />
    </>
  );
}
