import nodemailer from "nodemailer";
import type { Logger } from "pino";
import { isLoopback } from "../config/config.checks.ts";
import type { MailCarrier } from "./mail.ts";

export interface SmtpSettings {
  /** `smtp://` or `smtps://`, with user and password where the server wants them. */
  url: string;
  /** Sender: an address, or a name with one. */
  from: string;
}

/** Milliseconds for each step with the mail server, so that a round ends whatever it does. */
const stepMs = 10_000;

/** Hands letters to an SMTP server, one connection for each: they are few. */
export function createSmtpCarrier({ url, from }: SmtpSettings, log: Logger): MailCarrier {
  const server = new URL(url);
  const secure = server.protocol === "smtps:";
  const transport = nodemailer.createTransport({
    host: server.hostname.replace(/^\[|\]$/g, ""),
    port: server.port === "" ? (secure ? 465 : 587) : Number(server.port),
    secure,
    ...(server.username === ""
      ? {}
      : { auth: { user: decodeURIComponent(server.username), pass: decodeURIComponent(server.password) } }),
    // A password never crosses a network in the open.
    requireTLS: !secure && server.username !== "" && !isLoopback(server.hostname),
    connectionTimeout: stepMs,
    greetingTimeout: stepMs,
    socketTimeout: stepMs,
    // Letters are made here of known parts: nothing in them is a file or an address to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  });

  return {
    async hand({ to, subject, text, html }) {
      try {
        const sent = await transport.sendMail({
          from,
          to: { name: "", address: to },
          subject,
          text,
          html,
          headers: { "Auto-Submitted": "auto-generated" },
        });
        return sent.rejected.length > 0 ? "refused" : "taken";
      } catch (error) {
        const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
        // A refused sign-in at the mail server is for the operator to mend: the letter may wait.
        const isFinal = typeof responseCode === "number" && responseCode >= 500 && code === "EENVELOPE";
        log.warn({ code, reason: isFinal ? "refused" : "later" }, "an e-mail could not be handed over");
        return isFinal ? "refused" : "later";
      }
    },
    close: () => transport.close(),
  };
}
