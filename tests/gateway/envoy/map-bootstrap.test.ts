import test from "ava";
import { gatewayFiles } from "../../../components/gateway/envoy/files.ts";
import { mapBootstrap } from "../../../tools/data-plane/map-bootstrap.ts";
import { goodPlan } from "../support/plan.ts";
import { sameAddresses } from "../support/proxy-folder.ts";

const files = gatewayFiles(goodPlan);
const all = [files.open, files.closed, files.egress].flatMap((each = {}) =>
  Object.entries(each).map(([name, text]) => {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) throw new Error(`${name} is no object`);
    return { value, addresses: sameAddresses(each) };
  }),
);

test("with every address and path mapped to itself nothing changes", (t) => {
  for (const { value, addresses } of all) {
    t.deepEqual(mapBootstrap(value, { addresses, files: { "/etc": "/etc" } }), value);
  }
});

test("addresses and paths are changed, and there and back is the same", (t) => {
  for (const { value, addresses } of all) {
    const there = Object.fromEntries(
      Object.entries(addresses).map(([key, { port }]) => [key, { address: "127.0.0.9", port }]),
    );
    const mapped = mapBootstrap(value, { addresses: there, files: { "/etc": "/tmp/x" } });
    const text = JSON.stringify(mapped);
    t.false(text.includes('"/etc'));
    t.false(text.includes('"address":"house.openai.azure.com"'));
    const back = JSON.parse(text.replaceAll('"/tmp/x', '"/etc'), (key, each: unknown) =>
      key === "socket_address" ? "there" : each,
    );
    const wanted: unknown = JSON.parse(JSON.stringify(value), (key, each: unknown) =>
      key === "socket_address" ? "there" : each,
    );
    t.deepEqual(back, wanted);
  }
});

test("the longer of two folders counts, and only whole names do", (t) => {
  const mapping = { addresses: {}, files: { "/etc/a": "/x", "/etc/a/b": "/y" } };
  t.deepEqual(mapBootstrap({ filename: "/etc/a/b/c" }, mapping), { filename: "/y/c" });
  t.deepEqual(mapBootstrap({ filename: "/etc/a/bc" }, mapping), { filename: "/x/bc" });
  t.throws(() => mapBootstrap({ filename: "/etc/ab" }, mapping), {
    message: /\/etc\/ab has no mapping/,
  });
});

test("an address, a path or a field that it does not know is an error", (t) => {
  const mapping = { addresses: {}, files: { "/etc": "/x" } };
  const address = { socket_address: { address: "10.0.0.1", port_value: 80 } };
  t.throws(() => mapBootstrap(address, mapping), { message: /add "10\.0\.0\.1:80" to addresses/ });
  t.throws(() => mapBootstrap({ path_config_source: { path: "/var/x" } }, mapping), {
    message: /\/var\/x has no mapping/,
  });
  t.throws(() => mapBootstrap({ log_path: "/etc/x" }, mapping), { message: /teach mapBootstrap/ });
});

test("a path of a URL is no file", (t) => {
  const route = { match: { path: "/v1/models" }, http_health_check: { path: "/v1/completions" } };
  t.deepEqual(mapBootstrap(route, { addresses: {}, files: {} }), route);
});
