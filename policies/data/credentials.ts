/** Sources of a projected volume that hold a credential of the Kubernetes API (API reference, 1.37, 2026-11). */
export const credentialSources = ["serviceAccountToken", "podCertificate"] as const;

/** Such a Secret holds a token that any pod of its namespace can mount, and that never expires. */
export const tokenSecretType = "kubernetes.io/service-account-token";

/** The account that every pod of a namespace shares unless it names another. */
export const sharedAccount = "default";

/**
 * The one account outside the infrastructure that speaks to the API server: the route controller's, in the
 * gateway's namespace. What it may do there is judged where it is granted.
 */
export const tokenHolder = "gateway-routes";

/** Seconds after which such a token is worth nothing. */
export const longestTokenSeconds = 3600;
