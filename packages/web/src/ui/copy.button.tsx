import { Button, type ButtonProps } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { SaidError } from "./error.text.ts";
import { uiTexts } from "./ui.texts.ts";
import { sayError } from "./undo.toast.tsx";

interface CopyButtonProps extends ButtonProps {
  text: string;
  /** What it does, where "Copy" alone says too little. */
  label?: string;
  /** What it copies, for those who do not see what it stands beside; begins with `label`. */
  named?: string;
}

/** Copies a text, and says that it did. */
export function CopyButton({ text, label, named, ...rest }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 3_000);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      sayError(new SaidError(uiTexts.copyFailed));
    }
  }

  return (
    <>
      <Button
        variant="default"
        leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
        {...rest}
        aria-label={copied ? undefined : named}
        onClick={() => void copy()}
      >
        {copied ? uiTexts.copied : (label ?? uiTexts.copy)}
      </Button>
      <span role="status" className="visually-hidden">
        {copied ? uiTexts.copied : ""}
      </span>
    </>
  );
}
