import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";

/**
 * Socket.IO at its best: WebSocket only, no compression, no persistence, one process, the text alone in each event.
 * Recovery costs it memory and a longer packet, so that it is on only where it is measured.
 */
const recovery = process.argv.includes("--recovery");
const http = createServer();
const io = new Server(http, {
  transports: ["websocket"],
  serveClient: false,
  perMessageDeflate: false,
  httpCompression: false,
  ...(recovery && { connectionStateRecovery: { maxDisconnectionDuration: 120_000, skipMiddlewares: true } }),
});

io.on("connection", (socket) => {
  const room = String(socket.handshake.query["room"]);
  void socket.join(room);
  socket.on("m", (text: string, acknowledge?: (answer: string) => void) => {
    io.to(room).emit("m", text);
    acknowledge?.("ok");
  });
});

http.listen(0, "127.0.0.1", () => process.send?.({ port: (http.address() as AddressInfo).port }));
