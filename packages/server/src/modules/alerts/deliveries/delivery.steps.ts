import type { DeliveryReason } from "@foyer/protocol";
import type { DeliveryJob, Stage } from "./delivery.job.types.ts";

/**
 * What is to be done with a delivery now. `rest`: nothing; with `laterAt` until then. `give-up`: it will never be
 * posted. `stage` is what the message then shows.
 */
export type NextStep =
  | { do: "post" | "edit"; stage: Exclude<Stage, "deleted">; laterAt: number | null }
  | { do: "delete" }
  | { do: "rest"; laterAt: number | null }
  | { do: "give-up"; reason: DeliveryReason };

/** The next step of a delivery. `edits`: whether its destination can change what it shows. */
export function nextStep(job: DeliveryJob, edits: boolean, now: number): NextStep {
  const { place, stream } = job;
  const stage = stream.state;
  const deleteAt = deletionOf(job);
  if (job.stage === null) {
    if (!place.isOn) return { do: "give-up", reason: "destination_off" };
    if (now >= job.giveUpAt) return { do: "give-up", reason: "too_late" };
    // Nobody is told of a stream that is over where the message would go away again, or could never say so.
    if (stage === "ended" && (!edits || (deleteAt !== null && now >= deleteAt))) {
      return { do: "give-up", reason: "too_late" };
    }
    return { do: "post", stage, laterAt: edits ? deleteAt : null };
  }
  if (job.stage === "deleted" || job.externalId === null || !edits || !place.isOn) return { do: "rest", laterAt: null };
  if (deleteAt !== null && now >= deleteAt) return { do: "delete" };
  if (stage === "ended" && place.endAction === "keep") return { do: "rest", laterAt: null };
  if (job.stage === stage && job.shown >= job.wanted) return { do: "rest", laterAt: deleteAt };
  return { do: "edit", stage, laterAt: deleteAt };
}

/**
 * When the message is to be deleted; null: not at all, or not yet. Not before the stream can no longer go on: until
 * then the message says that it has ended.
 */
function deletionOf({ place, stream }: DeliveryJob): number | null {
  if (place.endAction !== "delete" || stream.state !== "ended" || stream.endedAt === null) return null;
  return stream.endedAt + place.reannounceMinutes * 60_000;
}
