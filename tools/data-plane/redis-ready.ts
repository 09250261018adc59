import { once } from "node:events";
import { connect } from "node:net";

/** Whether a Redis on a loopback port takes commands; one that wants a password first does too. */
export async function redisIsReady(port: number, signal: AbortSignal): Promise<boolean> {
  const answer = await firstLine(port, "PING", signal);
  return answer === "+PONG" || answer.startsWith("-NOAUTH");
}

/** The first line of the answer to a command without arguments. */
async function firstLine(port: number, command: string, signal: AbortSignal): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", signal }).setEncoding("utf8");
  // What happens to it is seen by `once`; an abort after that is nobody's business.
  socket.on("error", () => {});
  try {
    await once(socket, "connect", { signal });
    socket.write(`${command}\r\n`);
    const [answer]: unknown[] = await once(socket, "data", { signal });
    return String(answer).split("\r\n")[0] ?? "";
  } finally {
    socket.destroy();
  }
}
