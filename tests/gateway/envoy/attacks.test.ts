import * as net from "node:net";
import { connect } from "node:tls";
import test from "ava";
import { ports } from "../../../components/gateway/names.ts";
import { call, shortChat } from "../support/call.ts";
import { eventually } from "../support/eventually.ts";
import { type Plane, startPlane } from "../support/plane.ts";

let plane: Plane;

test.before(async () => {
  plane = await startPlane();
  await eventually(
    () => call(port(), { key: "key-tickets" }),
    ({ status }) => status === 200,
  );
});
test.after.always(() => plane.stop());

const port = () => plane.closed.port(ports.clients);

/** What comes back for these bytes until the proxy closes or a second has passed without more. */
function raw(
  bytes: string,
  silence = 1_000,
): Promise<{ readonly text: string; readonly closed: boolean }> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect({
      host: "127.0.0.1",
      port: port(),
      rejectUnauthorized: false,
      ALPNProtocols: ["http/1.1"],
    });
    const end = (closed: boolean) => {
      socket.destroy();
      resolve({ text, closed });
    };
    socket.setTimeout(silence, () => end(false));
    socket.on("secureConnect", () => socket.write(bytes));
    socket.on("data", (data) => {
      text += data.toString();
    });
    socket.on("close", () => end(true));
    socket.on("error", () => end(true));
  });
}

const key = "authorization: Bearer key-tickets\r\nhost: gateway.test\r\n";
const chat = (more: string, target = "/v1/chat/completions") =>
  `POST ${target} HTTP/1.1\r\n${key}content-type: application/json\r\n${more}`;

const attacks: Readonly<Record<string, readonly [string, RegExp]>> = {
  "a tunnel": [`CONNECT 10.0.0.1:443 HTTP/1.1\r\n${key}\r\n`, /^HTTP\/1\.1 (?:400|403|404|405) /],
  "another protocol": [
    `GET /v1/models HTTP/1.1\r\n${key}connection: upgrade\r\nupgrade: websocket\r\n\r\n`,
    /^HTTP\/1\.1 (?:400|403|404) /,
  ],
  "two lengths": [
    chat(`content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`),
    /^HTTP\/1\.1 400 /,
  ],
  "two different lengths": [
    chat(`content-length: 4\r\ncontent-length: 5\r\n\r\nabcd`),
    /^HTTP\/1\.1 400 /,
  ],
  "a header with an underscore": [
    chat(`x_private_llm_client: chat/blue\r\ncontent-length: 2\r\n\r\n{}`),
    /^HTTP\/1\.1 400 /,
  ],
  "a header of 64 KiB": [chat(`x-long: ${"a".repeat(65_536)}\r\n\r\n`), /^HTTP\/1\.1 431 /],
  "200 headers": [
    chat(`${Array.from({ length: 200 }, (_, n) => `x-${n}: a\r\n`).join("")}\r\n`),
    /^HTTP\/1\.1 431 /,
  ],
  "a null byte": [chat("x-a: \0\r\n\r\n"), /^HTTP\/1\.1 400 /],
  "an older protocol": [`GET /v1/models HTTP/1.0\r\n${key}\r\n`, /^HTTP\/1\.1 426 |^$/],
};

for (const [name, [bytes, wanted]] of Object.entries(attacks)) {
  test.serial(`${name} is refused and reaches no engine`, async (t) => {
    const before = (await plane.engines.get("large")?.state())?.byPath["/v1/chat/completions"] ?? 0;
    const { text } = await raw(bytes);
    t.regex(text, wanted);
    const after = (await plane.engines.get("large")?.state())?.byPath["/v1/chat/completions"] ?? 0;
    t.is(after, before);
  });
}

test.serial("a foreign host name makes no difference", async (t) => {
  const { status, headers } = await call(port(), {
    key: "key-tickets",
    headers: { host: "api.openai.com" },
  });
  t.is(status, 200);
  t.is(headers["x-simulator"], "engine-large");
});

test.serial("a body that comes slowly keeps no engine waiting", async (t) => {
  const before = (await plane.engines.get("large")?.state())?.byPath["/v1/chat/completions"] ?? 0;
  const { text } = await raw(
    chat(`content-length: ${shortChat.length}\r\n\r\n${shortChat.slice(0, 9)}`),
  );
  t.is(text, "");
  const after = (await plane.engines.get("large")?.state())?.byPath["/v1/chat/completions"] ?? 0;
  t.is(after, before);
});

test.serial("who sends no handshake or no headers is let go after ten seconds", async (t) => {
  const silent = new Promise<number>((resolve) => {
    const started = performance.now();
    const socket = net.connect(port(), "127.0.0.1");
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(performance.now() - started));
  });
  const headless = raw(`POST /v1/chat/completions HTTP/1.1\r\nhost: a`, 13_000);
  const [handshake, { text, closed }] = await Promise.all([silent, headless]);
  t.true(handshake < 12_000, `${handshake} ms`);
  t.true(closed);
  t.regex(text, /^HTTP\/1\.1 408 |^$/);
});
