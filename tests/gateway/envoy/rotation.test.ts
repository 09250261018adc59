import { mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "node:tls";
import test from "ava";
import { keysResource } from "../../../components/gateway/envoy/keys.ts";
import { ports } from "../../../components/gateway/names.ts";
import { selfSigned } from "../../support/certificate.ts";
import { call } from "../support/call.ts";
import { eventually } from "../support/eventually.ts";
import { type Plane, startPlane } from "../support/plane.ts";

let plane: Plane;

test.before(async () => {
  plane = await startPlane();
  await eventually(
    () => ask("key-contracts"),
    ({ status }) => status === 200,
  );
});
test.after.always(() => plane.stop());

const ask = (key: string) => call(plane.closed.port(ports.clients), { key });

/** Changes files of a folder as the kubelet does: a new folder, and a link that is moved over the old one. */
async function project(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  const version = join(folder, `..${Date.now()}`);
  await mkdir(version);
  for (const [name, content] of Object.entries(files))
    await writeFile(join(version, name), content);
  await symlink(version, join(folder, "..data_tmp"));
  await rename(join(folder, "..data_tmp"), join(folder, "..data"));
  for (const name of Object.keys(files)) {
    await symlink(join("..data", name), join(folder, "next"));
    await rename(join(folder, "next"), join(folder, name));
  }
}

test.serial("a new key works and an old one does not, without a restart", async (t) => {
  t.is((await ask("key-contracts")).status, 200);
  t.is((await ask("key-new")).status, 401);
  const resource = keysResource([{ key: "key-new", client: "contracts/legal" }]);
  await project(join(plane.folder, "closed/envoy/keys"), { "gateway-closed.json": resource });
  const fresh = await eventually(
    () => ask("key-new"),
    ({ status }) => status === 200,
  );
  t.is(fresh.status, 200);
  t.is((await ask("key-contracts")).status, 401);
});

test.serial("an engine's key changes without a restart", async (t) => {
  await project(join(plane.folder, "closed/envoy/engine-keys"), { small: "another", large: "x" });
  const refused = await eventually(
    () => ask("key-new"),
    ({ status }) => status !== 200,
  );
  t.not(refused.status, 200);
  await project(join(plane.folder, "closed/envoy/engine-keys"), {
    small: "key-of-engine-small",
    large: "key-of-engine-large",
  });
  const again = await eventually(
    () => ask("key-new"),
    ({ status }) => status === 200,
  );
  t.is(again.status, 200);
});

test.serial("a renewed certificate is shown without a restart", async (t) => {
  const { certificate, key } = selfSigned("renewed.test");
  t.is(await shownName(), "gateway.test");
  await project(join(plane.folder, "closed/envoy/tls"), { "tls.crt": certificate, "tls.key": key });
  t.is(await eventually(shownName, (name) => name === "renewed.test"), "renewed.test");
});

function shownName(): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(
      { host: "127.0.0.1", port: plane.closed.port(ports.clients), rejectUnauthorized: false },
      () => {
        resolve(String(socket.getPeerCertificate().subject.CN));
        socket.destroy();
      },
    );
    socket.once("error", reject);
  });
}
