import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import test from "ava";
import { isOneTokenCommand, oneTokenCommand } from "../../components/lib/one-token-probe.ts";

const odd = 'odd"na\\me\u2028';

test("the check is known for every model and port", (t) => {
  t.true(isOneTokenCommand(oneTokenCommand({ servedName: "llama", port: 8000 })));
  t.true(isOneTokenCommand(oneTokenCommand({ servedName: odd, port: 443 })));
});

test("a check with one more line, another address or another flag is another program", (t) => {
  const [python = "", isolated = "", option = "", text = ""] = oneTokenCommand({
    servedName: "llama",
    port: 8000,
  });
  const others = [
    [python, isolated, option, `${text}\nimport os`],
    [python, isolated, option, text.replace("127.0.0.1", "192.0.2.1")],
    [python, isolated, option, text.replace("8000", "8000 ")],
    oneTokenCommand({ servedName: "llama", port: 8000 }, { token: 1, metrics: 1 }),
    [python, isolated, option, text.replace('"llama"', '"a" + open("/x").read() + "b"')],
    [python, option, text],
    [python, isolated, option, text, "more"],
    ["python", isolated, option, text],
    [],
  ];
  for (const other of others) t.false(isOneTokenCommand(other), other.join(" "));
});

const hasPython = spawnSync("python3", ["--version"]).status === 0;
const withPython = hasPython ? test : test.skip;

withPython(
  "a real interpreter asks the port itself, past any proxy, and judges the answer",
  async (t) => {
    let status = 200;
    const asked: string[] = [];
    const engine = createServer((request, response) => {
      let body = "";
      request.on("data", (part: Buffer) => (body += part.toString()));
      request.on("end", () => {
        asked.push(`${request.method} ${request.url} ${request.headers.authorization} ${body}`);
        response.writeHead(status, { location: "http://127.0.0.1:9/" }).end("{}");
      });
    });
    engine.listen(0, "127.0.0.1");
    await once(engine, "listening");
    t.teardown(() => engine.close());
    const address = engine.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const [python = "", ...words] = oneTokenCommand({ servedName: odd, port });
    const env = { PATH: process.env["PATH"], VLLM_API_KEY: "k", http_proxy: "http://127.0.0.1:9" };
    const codes: unknown[] = [];
    for (status of [200, 429, 503, 500, 401, 302]) {
      const [code] = await once(spawn(python, words, { env }), "exit");
      codes.push(code);
    }
    t.deepEqual(codes, [0, 0, 0, 1, 1, 1]);
    t.deepEqual(
      new Set(asked),
      new Set([
        "GET /metrics undefined ",
        'POST /v1/completions Bearer k {"model": "odd\\"na\\\\me\\u2028", "prompt": "1", "max_tokens": 1}',
      ]),
    );
  },
);
