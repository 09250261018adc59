import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { parseCidr } from "../../components/lib/cidr.ts";
import {
  ensureCertificates,
  serialNumber,
} from "../../tools/cluster/control-plane/certificates.ts";
import { sandbox } from "./support/sandbox.ts";

const { folder, remove } = await sandbox();
const pki = join(folder, "pki");
await ensureCertificates(pki, parseCidr("10.96.0.0/16"));
const certificate = async (name: string) =>
  new X509Certificate(await readFile(join(pki, `${name}.crt`)));

test.after.always("the sandbox is removed", remove);

test("a serial number is positive and shortest, whatever the random octets are", (t) => {
  for (const octet of [0x00, 0x7f, 0x80, 0xff]) {
    t.regex(serialNumber(Buffer.alloc(16, octet)), /^4[0-9a-f]{31}$/);
  }
});

test("the API server's certificate is for loopback and for the first service address", async (t) => {
  const server = await certificate("apiserver");
  t.is(server.checkIP("127.0.0.1"), "127.0.0.1");
  t.is(server.checkIP("10.96.0.1"), "10.96.0.1");
  t.is(server.checkIP("10.96.0.2"), undefined);
  t.deepEqual(server.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
});

test("clients of the API server cannot use their certificate at etcd", async (t) => {
  const [cluster, etcd] = [await certificate("ca"), await certificate("etcd-ca")];
  for (const user of ["admin", "kube-controller-manager", "kube-scheduler", "kwok"]) {
    const client = await certificate(user);
    t.true(client.verify(cluster.publicKey), user);
    t.false(client.verify(etcd.publicKey), user);
  }
  t.true((await certificate("etcd-client")).verify(etcd.publicKey));
});

test("existing keys are kept", async (t) => {
  const before = await readFile(join(pki, "ca.key"), "utf8");
  await ensureCertificates(pki, parseCidr("10.96.0.0/16"));
  t.is(await readFile(join(pki, "ca.key"), "utf8"), before);
});
