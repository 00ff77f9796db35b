import { register, type Visitor } from "./visitor.ts";

/** Who is in the demo. Ada owns it. */
export interface House {
  ada: Visitor;
  grace: Visitor;
  linus: Visitor;
  margaret: Visitor;
  /** The room in which alerts appear. */
  stageRoomId: string;
}

/** Makes accounts and rooms, and lets people talk. */
export async function furnish(url: string): Promise<House> {
  const ada = await register(url, "ada", "Ada");
  const grace = await register(url, "grace", "Grace");
  const linus = await register(url, "linus", "Linus");
  const margaret = await register(url, "margaret", "Margaret");
  await ada.api.updateRoom({
    params: { roomId: "general" },
    body: { topic: "Doors open at eight. Be kind, bring tea." },
  });
  const stage = await ada.api.createRoom({
    body: { kind: "public", name: "Live now", topic: "Who is on stage" },
  });
  const crew = await ada.api.createRoom({ body: { kind: "private", name: "Stage door", topic: "For the crew" } });
  const requests = await ada.api.createRoom({ body: { kind: "public", name: "Music requests" } });
  for (const visitor of [grace, linus, margaret]) {
    for (const { roomId } of [stage, requests]) await visitor.api.joinRoom({ params: { roomId } });
  }
  const say = (visitor: Visitor, roomId: string, message: string) =>
    visitor.api.sendMessage({ params: { roomId }, body: { message } });
  await say(margaret, "general", "Sound check is done. The microphone hum is gone at last.");
  await say(grace, "general", "Which game do we open with tonight? I would vote for chess, last week was so close.");
  await say(linus, "general", "Seconded. Then a short break with the quiz, then **viewers' choice**.");
  await say(ada, "general", "Chess it is. @grace, will you read the chat while I play?");
  await say(grace, "general", "With pleasure. The alert goes to Discord, to the room *Live now* and to phones.");
  await say(ada, crew.roomId, "Doors in ten minutes.");
  await say(linus, requests.roomId, "Something with a harp, @ada?");
  return { ada, grace, linus, margaret, stageRoomId: stage.roomId };
}
