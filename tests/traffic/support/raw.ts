import { connect, type TLSSocket } from "node:tls";
import { ports } from "../../../components/gateway/names.ts";
import type { RunningProxy } from "../../gateway/support/plane.ts";
import { testAuthority } from "../../gateway/support/secrets.ts";

/** A TLS connection on which a test says what no client library would. */
export function openRaw(proxy: RunningProxy): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const port = proxy.port(ports.clients);
    const options = { host: "127.0.0.1", servername: "gateway.test", port, ca: testAuthority };
    const socket = connect(options, () => resolve(socket));
    socket.once("error", reject);
  });
}

export interface RawAnswer {
  /** Status of every answer on the connection, in order; none where it was closed without a word. */
  readonly statuses: readonly number[];
  readonly text: string;
}

/**
 * Sends bytes as they are, and reads until the proxy closes or has said nothing more for a while. Its first word
 * may take longer, on a machine with much to do.
 */
export async function sendRaw(
  proxy: RunningProxy,
  bytes: string | Buffer,
  silence = 400,
): Promise<RawAnswer> {
  const socket = await openRaw(proxy);
  let text = "";
  await new Promise<void>((resolve) => {
    let timer = setTimeout(resolve, 10_000);
    // Whoever is cut off in the middle of sending sees an error; what was read before counts.
    socket.on("error", () => resolve());
    socket.on("close", () => resolve());
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      text += chunk;
      clearTimeout(timer);
      timer = setTimeout(resolve, silence);
    });
    socket.write(bytes);
  });
  socket.destroy();
  const statuses = [...text.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map(([, status]) =>
    Number(status),
  );
  return { statuses, text };
}
