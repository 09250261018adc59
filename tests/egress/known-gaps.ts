const unknownService = (path: string) =>
  `unknown services: a Service may lead anywhere that an unknown value at ${path} allows`;

/**
 * Tests that the analysis does not pass yet, by title. Each runs as one that must fail, so that closing
 * a gap makes it red until its row is taken out here.
 */
export const knownGaps: ReadonlySet<string> = new Set([
  // What is unknown of a Service is told, but the Service then leads nowhere.
  ...["metadata.namespace", "spec", "spec.ports", "spec.ports[0]", "spec.ports[0].port"].map(
    unknownService,
  ),
  // What is unknown of a Service is used at its widest or passed over, and not told.
  ...["spec.type", "spec.externalIPs", "spec.ports[0].targetPort"].map(unknownService),
  "unknown services: an unknown external address of a Service may be any",
  // A Service without an address is looked for only where the cluster's range is declared.
  "unknown services: a Service of unknown address may have any where nobody says which range is its own",
]);

/** Places of the generated unknowns that the gaps above concern; the vectors there show each of them. */
export function isGap(place: string): boolean {
  return /\/s\d+ spec/.test(place);
}
