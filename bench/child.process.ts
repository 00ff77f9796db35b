import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** Which core a process runs on. Without `taskset` the kernel decides. */
export interface ChildOptions {
  nodeArguments?: readonly string[];
  script: string;
  arguments?: readonly string[];
  env: Record<string, string>;
  core: number | undefined;
}

/** A child process that answers messages, one at a time. It is ended with this process, whatever happens to it. */
export class Child {
  readonly #process: ChildProcess;
  readonly #name: string;
  #output = "";

  constructor(name: string, options: ChildOptions) {
    this.#name = name;
    const { nodeArguments = [], script, arguments: own = [], core } = options;
    const command = [process.execPath, "--no-warnings", ...nodeArguments, script, ...own];
    const [file = "", ...rest] = core === undefined ? command : ["taskset", "-c", String(core), ...command];
    this.#process = spawn(file, rest, {
      env: { PATH: "/usr/bin:/bin", ...options.env },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString()).slice(-4_000);
      });
    }
    process.once("exit", this.#killNow);
  }

  /** Sends a message and resolves with the next one that comes back. Rejects when the process ends instead. */
  ask<T>(message: object): Promise<T> {
    const answer = this.next<T>();
    this.#process.send(message);
    return answer;
  }

  /** The next message of the process. */
  next<T>(): Promise<T> {
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error(`${this.#name} ended:\n${this.#output}`));
      this.#process.once("exit", ended);
      this.#process.once("message", (value) => {
        this.#process.off("exit", ended);
        resolve(value as T);
      });
    });
  }

  get running(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  get output(): string {
    return this.#output;
  }

  /** Asks it to end, and makes it after 3 s. */
  async stop(): Promise<void> {
    process.off("exit", this.#killNow);
    if (!this.running) return;
    const gone = once(this.#process, "exit");
    this.#process.kill("SIGTERM");
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), 3_000);
    await gone;
    clearTimeout(timer);
  }

  readonly #killNow = (): void => {
    this.#process.kill("SIGKILL");
  };
}
