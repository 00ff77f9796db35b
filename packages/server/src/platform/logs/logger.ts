import { type Bindings, type ChildLoggerOptions, type DestinationStream, type Level, type Logger, pino } from "pino";
import { allowList, oneLine } from "./fields.ts";

/** What a logger needs. */
export interface LoggerOptions {
  level: Level | "silent";
  /** Key of the account hashes: any secret of this server. */
  key: string;
  /** Where lines go; default: standard output, as JSON. */
  destination?: DestinationStream;
}

/**
 * A pino logger that prints only listed field names (see fields.ts), in messages, children and errors alike. Messages
 * are constant texts of ours; what comes from outside belongs into fields.
 */
export function createLogger({ level, key, destination }: LoggerOptions): Logger {
  const allowed = allowList(key);
  const logger = pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: allowed },
      // The allow-list has turned errors into plain objects by the time serializers run.
      serializers: { err: (value: unknown) => value },
      hooks: {
        logMethod(args, method) {
          const cleaned = args.map((each: unknown) => (typeof each === "string" ? oneLine(each) : each));
          method.apply(this, cleaned as Parameters<typeof method>);
        },
      },
    },
    destination ?? pino.destination(1),
  );
  // pino does not pass the bindings of a child through `formatters`: children inherit this method and are covered too.
  const child: (bindings: Bindings, options?: ChildLoggerOptions) => Logger = logger.child;
  Object.defineProperty(logger, "child", {
    value(this: Logger, bindings: Bindings, options?: ChildLoggerOptions) {
      return child.call(this, allowed(bindings), options);
    },
  });
  return logger;
}

/** A logger that prints nothing, for tests and commands. */
export function silentLogger(): Logger {
  return createLogger({ level: "silent", key: "", destination: { write() {} } });
}
