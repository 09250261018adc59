/** Sources of a projected volume that hold a credential of the Kubernetes API (API reference, 1.37, 2026-11). */
export const credentialSources = ["serviceAccountToken", "podCertificate"] as const;

/** Such a Secret holds a token that any pod of its namespace can mount, and that never expires. */
export const tokenSecretType = "kubernetes.io/service-account-token";

/** The account that every pod of a namespace shares unless it names another. */
export const sharedAccount = "default";
