import test from "ava";
import { graphOf } from "../../policies/model/graph.ts";
import { unknown, type Value } from "../../policies/model/value.ts";
import { rules } from "../../policies/rules.ts";
import { evaluate } from "../../policies/runner.ts";
import { cloudSettings, goodCloud } from "./cloud-graph.ts";
import { type Place, placesOf, withValue } from "./fuzz-places.ts";

/** Places of the good cloud where an unknown value may stand, and why it can weaken nothing. */
const irrelevant: Readonly<Record<string, string>> = {
  "Cluster/main encryptionConfig.provider": "its value is known to come from a key of the stack",
  "DefaultSecurityGroup/default ingress": "who may connect to nodes sends nothing out",
  "Key/data enableKeyRotation": "the age of a key opens nothing",
  "PersistentVolume/weights spec.csi.volumeHandle": "which volume it is changes nothing of its way",
  "Route/to-office transitGatewayId": "the destination is private, whichever gateway leads there",
  "SecurityGroup/endpoints egress[0].fromPort": "the network's own range is open on every port",
  "SecurityGroup/endpoints egress[0].protocol": "the network's own range is open on every port",
  "SecurityGroup/endpoints egress[0].toPort": "the network's own range is open on every port",
  "SecurityGroupEgressRule/to-nodes ipProtocol": "a group of the stack is open on every port",
  "SecurityGroupRule/endpoints-to-nodes fromPort": "a group of the stack is open on every port",
  "SecurityGroupRule/endpoints-to-nodes protocol": "a group of the stack is open on every port",
  "SecurityGroupRule/endpoints-to-nodes toPort": "a group of the stack is open on every port",
  "SecurityGroupRule/endpoints-to-nodes type": "a rule of unknown direction is judged as egress",
  "VolumeSnapshotClass/nightly deletionPolicy": "a snapshot that stays stays where it is",
  "aws/aws allowedAccountIds": "without a list of accounts every principal is a stranger",
};

function findingsWith(place: Place, value: Value) {
  return evaluate(graphOf(withValue(goodCloud, place, value)), cloudSettings);
}

// Ids of other resources are unknown already: that is what a first preview looks like.
const everyPlace = placesOf(goodCloud).filter(({ value }) => value !== unknown);

test("an unknown anywhere in a cloud is a violation, unless it is listed as irrelevant", (t) => {
  const silent = everyPlace.filter((place) => findingsWith(place, unknown).findings.length === 0);
  t.deepEqual(silent.map(({ name }) => name).toSorted(), Object.keys(irrelevant).toSorted());
  t.true(everyPlace.length > 80, `only ${everyPlace.length} places were tried`);
});

test("no rule breaks down on a value of the wrong shape in a cloud", (t) => {
  const wrong: readonly Value[] = ["text", 7, true, null, [], ["text"], [[]], {}, { a: [null] }];
  const broken = everyPlace.flatMap((place) =>
    wrong
      .filter((value) => findingsWith(place, value).run !== rules.length)
      .map((value) => `${place.name} = ${JSON.stringify(value)}`),
  );
  t.deepEqual(broken, []);
});
