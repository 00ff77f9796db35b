import { SMTPServer } from "smtp-server";

/** A letter as it came in. */
export interface ReceivedLetter {
  from: string;
  to: string[];
  /** Headers and body as they were sent, with soft line breaks undone. */
  text: string;
}

/** A real mail server on a random port of this machine. */
export interface MailServer {
  url: string;
  letters: ReceivedLetter[];
  /** Those that it read and did not take. */
  refused: ReceivedLetter[];
  /** Answers the next letters with this SMTP code instead of taking them. */
  refuse(code: number, times: number): void;
  /** Keeps senders waiting for an answer to their letters, until what this returns is called. */
  hold(): () => void;
  /** The first letter from now on or before whose text matches, waited for. */
  letter(pattern: RegExp): Promise<ReceivedLetter>;
  stop(): Promise<void>;
}

/** `password`: what the user `foyer` has to show, where somebody has to. */
export async function startMailServer({ password }: { password?: string } = {}): Promise<MailServer> {
  const letters: ReceivedLetter[] = [];
  const refused: ReceivedLetter[] = [];
  let refusals = { code: 0, times: 0 };
  let held = Promise.resolve();
  const server = new SMTPServer({
    ...(password === undefined
      ? { authOptional: true, disabledCommands: ["STARTTLS", "AUTH"] }
      : { disabledCommands: ["STARTTLS"], allowInsecureAuth: true }),
    onAuth: ({ username, password: shown }, _session, done) =>
      username === "foyer" && shown === password ? done(null, { user: username }) : done(new Error("not this one")),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        const letter = {
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString().replaceAll(/=\r\n/g, "").replaceAll("=3D", "="),
        };
        void held.then(() => {
          const isRefused = refusals.times > 0;
          (isRefused ? refused : letters).push(letter);
          if (!isRefused) return done();
          refusals.times -= 1;
          done(Object.assign(new Error("not now"), { responseCode: refusals.code }));
        });
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as { port: number };
  return {
    url: `smtp://${password === undefined ? "" : `foyer:${encodeURIComponent(password)}@`}127.0.0.1:${port}`,
    letters,
    refused,
    refuse(code, times) {
      refusals = { code, times };
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
    async letter(pattern) {
      for (let tries = 0; tries < 400; tries++) {
        const found = letters.find(({ text }) => pattern.test(text));
        if (found !== undefined) return found;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      throw new Error(`no letter like ${pattern} among ${letters.length}`);
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
