/** Answers every message that begins with "!echo". FOYER_TOKEN=… node echo.bot.ts http://localhost:3000 general */
import { createClient } from "@foyer/client";

const [url = "http://localhost:3000", roomId = "general"] = process.argv.slice(2);
const client = createClient({ url, token: process.env["FOYER_TOKEN"] });
client.on("connection", ({ status, hello, reason }) =>
  console.log(status, hello?.account?.handle ?? "guest", reason?.message ?? ""),
);
process.once("SIGINT", () => client.close());
client.connect();

const room = client.room(roomId);
for await (const { message, messageId } of room.messages()) {
  if (!message.startsWith("!echo ")) continue;
  try {
    await room.send(message.slice("!echo ".length), { replyTo: messageId });
  } catch (error) {
    console.error(String(error));
  }
}
