import { generateKeyPair, randomBytes } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import forge from "node-forge";
import type { Cidr } from "../../../components/lib/cidr.ts";
import { subnet } from "../../../components/lib/cidr.ts";
import { exists, privateFolder, writePrivate } from "../lib/files.ts";

/** Local and disposable: long enough that nobody meets an expired certificate, `reset` renews. */
const validYears = 10;
const keyBits = 2048;

export interface Identity {
  readonly commonName: string;
  /** Kubernetes reads the group from here. */
  readonly organization?: string;
}

export interface Authority {
  readonly certificate: forge.pki.Certificate;
  readonly key: forge.pki.rsa.PrivateKey;
}

/** Names and addresses clients use for the API server; Pods would use the Service's. */
const serverNames = (services: Cidr) => [
  { type: 2, value: "localhost" },
  { type: 2, value: "kubernetes" },
  { type: 2, value: "kubernetes.default" },
  { type: 2, value: "kubernetes.default.svc" },
  { type: 2, value: "kubernetes.default.svc.cluster.local" },
  { type: 7, ip: "127.0.0.1" },
  // The API server gives its own Service the first address of the range.
  { type: 7, ip: subnet(services, 32, 1).text.replace("/32", "") },
];

export const userNames = ["admin", "kube-controller-manager", "kube-scheduler", "kwok"] as const;
export type User = (typeof userNames)[number];

/** Users who reach the API server by client certificate; the files are named after the key here. */
const users = {
  admin: { commonName: "private-llm-admin", organization: "system:masters" },
  "kube-controller-manager": { commonName: "system:kube-controller-manager" },
  "kube-scheduler": { commonName: "system:kube-scheduler" },
  kwok: { commonName: "private-llm-kwok", organization: "system:masters" },
} as const satisfies Readonly<Record<User, Identity>>;

/**
 * Creates the cluster's own keys and certificates, unless it has them. etcd has an authority of its
 * own: whoever may talk to the API server must not thereby read its storage.
 */
export async function ensureCertificates(folder: string, services: Cidr): Promise<void> {
  if (await exists(folder)) return;
  const draft = `${folder}.unfinished`;
  await rm(draft, { recursive: true, force: true });
  await privateFolder(draft);
  const cluster = await createAuthority(draft, "ca", "private-llm local cluster");
  const etcd = await createAuthority(draft, "etcd-ca", "private-llm local etcd");
  await issue(draft, "apiserver", cluster, { commonName: "kube-apiserver" }, [
    { name: "extKeyUsage", serverAuth: true },
    { name: "subjectAltName", altNames: serverNames(services) },
  ]);
  await issue(draft, "etcd", etcd, { commonName: "etcd" }, [
    { name: "extKeyUsage", serverAuth: true, clientAuth: true },
    { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] },
  ]);
  const client = [{ name: "extKeyUsage", clientAuth: true }];
  await issue(draft, "etcd-client", etcd, { commonName: "kube-apiserver" }, client);
  for (const user of userNames) await issue(draft, user, cluster, users[user], client);
  const signing = await rsaKeyPair();
  await writePrivate(join(draft, "service-accounts.key"), signing.privateKey);
  await writePrivate(join(draft, "service-accounts.pub"), signing.publicKey);
  await rename(draft, folder);
}

/** A new authority, written to `<file>.crt` and `<file>.key` of the folder. */
export async function createAuthority(
  folder: string,
  file: string,
  name: string,
): Promise<Authority> {
  const pair = await rsaKeyPair();
  const key = forge.pki.privateKeyFromPem(pair.privateKey);
  const subject = distinguishedName({ commonName: name });
  const certificate = unsigned(pair.publicKey, subject, subject, [
    { name: "basicConstraints", cA: true, critical: true },
    { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    { name: "subjectKeyIdentifier" },
  ]);
  certificate.sign(key, forge.md.sha256.create());
  await write(folder, file, certificate, pair.privateKey);
  return { certificate, key };
}

/** A certificate of an authority, written to `<file>.crt` and `<file>.key` of the folder. */
export async function issue(
  folder: string,
  file: string,
  authority: Authority,
  identity: Identity,
  extensions: readonly object[],
): Promise<void> {
  const pair = await rsaKeyPair();
  const certificate = unsigned(
    pair.publicKey,
    distinguishedName(identity),
    authority.certificate.subject.attributes,
    [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
      { name: "subjectKeyIdentifier" },
      {
        name: "authorityKeyIdentifier",
        keyIdentifier: authority.certificate.generateSubjectKeyIdentifier().getBytes(),
      },
      ...extensions,
    ],
  );
  certificate.sign(authority.key, forge.md.sha256.create());
  await write(folder, file, certificate, pair.privateKey);
}

function unsigned(
  publicKey: string,
  subject: forge.pki.CertificateField[],
  issuer: forge.pki.CertificateField[],
  extensions: object[],
): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  certificate.serialNumber = serialNumber(randomBytes(16));
  const start = new Date(Date.now() - 60_000);
  certificate.validity.notBefore = start;
  certificate.validity.notAfter = new Date(start.getTime() + validYears * 365 * 86_400_000);
  certificate.setSubject(subject);
  certificate.setIssuer(issuer);
  certificate.setExtensions(extensions);
  return certificate;
}

/**
 * A positive integer in its shortest encoding, as RFC 5280 and Go's parser want it: the first octet
 * lies between 40 and 4f, so it is neither zero nor read as a sign.
 */
export function serialNumber(random: Buffer): string {
  return `4${random.toString("hex").slice(1)}`;
}

function distinguishedName(identity: Identity): forge.pki.CertificateField[] {
  const name = [{ name: "commonName", value: identity.commonName }];
  return identity.organization === undefined
    ? name
    : [{ name: "organizationName", value: identity.organization }, ...name];
}

async function write(
  folder: string,
  file: string,
  certificate: forge.pki.Certificate,
  key: string,
): Promise<void> {
  await writePrivate(join(folder, `${file}.crt`), forge.pki.certificateToPem(certificate));
  await writePrivate(join(folder, `${file}.key`), key);
}

function rsaKeyPair() {
  return promisify(generateKeyPair)("rsa", {
    modulusLength: keyBits,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
}
