import test from "ava";
import { checkFlows, checkPaths, checkVector } from "./support/check-vectors.ts";
import { addressVectors } from "./vectors/addresses.ts";
import { hostNetworkTables, hostNetworkVectors } from "./vectors/host-network.ts";
import { namespaceTables, namespaceVectors } from "./vectors/namespaces.ts";
import { emptinessVectors, peerTables } from "./vectors/nothing-and-empty.ts";
import { pathVectors } from "./vectors/paths.ts";
import { pitfallVectors } from "./vectors/pitfalls.ts";
import { podSourceVectors } from "./vectors/pod-sources.ts";
import { portTables, portVectors } from "./vectors/ports.ts";
import { serviceAddressVectors } from "./vectors/service-addresses.ts";
import { serviceUnknownVectors } from "./vectors/service-unknowns.ts";
import { serviceVectors } from "./vectors/services.ts";
import { reasonVectors, shapeTables, shapeVectors } from "./vectors/shapes.ts";
import { tierConformanceTables } from "./vectors/tier-conformance.ts";
import { olderTiers } from "./vectors/tier-older.ts";
import { tierRefusals } from "./vectors/tier-refusals.ts";
import { tierUnsure } from "./vectors/tier-unsure.ts";
import { tierVerdicts } from "./vectors/tier-verdicts.ts";
import { tierWalls } from "./vectors/tier-walls.ts";
import { unknownTables } from "./vectors/unknown-targets.ts";
import { unknownVectors } from "./vectors/unknowns.ts";
import { unsupportedVectors } from "./vectors/unsupported.ts";

const vectors = {
  addresses: addressVectors,
  "absent and empty": emptinessVectors,
  "host network": hostNetworkVectors,
  namespaces: namespaceVectors,
  pitfalls: pitfallVectors,
  "pod sources": podSourceVectors,
  ports: portVectors,
  reasons: reasonVectors,
  services: serviceVectors,
  shapes: shapeVectors,
  "addresses of services": serviceAddressVectors,
  "unknown services": serviceUnknownVectors,
  tiers: tierVerdicts,
  "refused by tiers": tierRefusals,
  "unsure tiers": tierUnsure,
  "older tiers": olderTiers,
  unknown: unknownVectors,
  unsupported: unsupportedVectors,
};

const tables = {
  "host network": hostNetworkTables,
  namespaces: namespaceTables,
  peers: peerTables,
  shapes: shapeTables,
  ports: portTables,
  walls: tierWalls,
  "tier conformance": tierConformanceTables,
  unknown: unknownTables,
};

for (const [area, list] of Object.entries(vectors)) {
  for (const vector of list) {
    test(`${area}: ${vector.title}`, (t) => {
      checkVector(t, vector);
    });
  }
}

for (const [area, list] of Object.entries(tables)) {
  for (const table of list) {
    test(`${area}: ${table.title}`, (t) => {
      checkFlows(t, table);
    });
  }
}

for (const vector of pathVectors) {
  test(`paths: ${vector.title}`, (t) => {
    checkPaths(t, vector);
  });
}
