import type { ServerResponse } from "node:http";
import { TLSSocket } from "node:tls";

/** Cuts the connection. Without TLS the peer sees RST, as from a process that was killed. */
export function reset({ socket }: ServerResponse): void {
  if (socket === null) return;
  // Node can send RST on plain TCP alone.
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}
