import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";
import test from "ava";
import { envoyBinary } from "../../tools/data-plane/binaries/envoy.ts";
import { container, proxies } from "../components/gateway-fixture.ts";
import { at, list, text } from "../components/lib/look.ts";
import { temporaryFolder } from "../support/temporary.ts";

const run = promisify(execFile);

for (const proxy of proxies) {
  test(`Envoy itself takes the command line of the ${proxy} proxy`, async (t) => {
    const envoy = await container(proxy);
    const words = list(envoy, "args").map((word) => text(word));
    const config = path.join(await temporaryFolder(t, { "envoy.json": "{}" }), "envoy.json");
    t.true(words.includes("/etc/envoy/config/envoy.json"));
    const mapped = words.map((word) =>
      word === "/etc/envoy/config/envoy.json" ? config : word.replace("$(POD_NAME)", "pod-1"),
    );
    t.is(at(envoy, "env", 0, "name"), "POD_NAME");
    const { stdout } = await run(await envoyBinary(), [...mapped, "--mode", "validate"]);
    t.regex(stdout, /OK/);
  });
}
