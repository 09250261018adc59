import { unknown } from "../../../policies/model/value.ts";
import { aws } from "../cloud-graph.ts";
import { resource } from "../good-graph.ts";
import { added, cloudAdded, cloudMutant, type Mutant } from "./mutant.ts";

export const residency: readonly Mutant[] = [
  cloudAdded(
    "C03",
    "provider of a region that is not listed",
    resource("pulumi:providers:aws", "europe", { region: "eu-central-1" }),
    "region",
  ),
  cloudAdded(
    "C03",
    "provider whose region the environment decides",
    resource("pulumi:providers:aws", "anywhere", { profile: "default" }),
    "region",
  ),
  cloudAdded(
    "C03",
    "provider of an unknown region",
    resource("pulumi:providers:aws", "later", { region: unknown }),
    "region",
  ),
  cloudAdded(
    "C03",
    "provider with addresses of its own",
    resource("pulumi:providers:aws", "other", {
      region: "us-east-1",
      endpoints: '[{"s3":"https://s3.example.com"}]',
    }),
    "endpoints",
  ),
  cloudAdded(
    "C03",
    "provider of a cloud that no rule knows",
    resource("pulumi:providers:digitalocean", "ocean", { region: "us-east-1" }),
  ),
  cloudAdded(
    "C03",
    "provider of another API of AWS, which no rule reads",
    resource("pulumi:providers:aws-native", "native", { region: "us-east-1" }),
  ),
  cloudAdded(
    "C03",
    "Google in a region that is not listed",
    resource("pulumi:providers:gcp", "google", { region: "us-east4" }),
    "region",
  ),
  cloudAdded(
    "C03",
    "bucket of Google in all of America",
    resource("gcp:storage/bucket:Bucket", "b", { location: "US" }),
    "location",
  ),
  cloudAdded(
    "C03",
    "storage of Azure elsewhere",
    resource("azure-native:storage:StorageAccount", "s", { location: "West Europe" }),
    "location",
  ),
  cloudAdded(
    "C03",
    "resource with a region of its own",
    aws("dynamodb/table:Table", "copy", { region: "us-west-2" }),
    "region",
  ),
  cloudAdded(
    "C03",
    "replica of a table",
    aws("dynamodb/table:Table", "copy", { replicas: [{ regionName: "eu-west-1" }] }),
    "replicas[0].regionName",
  ),
  cloudAdded(
    "C03",
    "replica in an unknown region",
    aws("secretsmanager/secret:Secret", "copy", { replicas: [{ region: unknown }] }),
    "replicas[0].region",
  ),
  cloudAdded(
    "C03",
    "copy to a vault in another region",
    aws("backup/selection:Selection", "copy", {
      destinationVaultArn: "arn:aws:backup:eu-west-1:111122223333:backup-vault:v",
    }),
    "destinationVaultArn",
  ),
  cloudAdded(
    "C03",
    "peering with another region",
    aws("ec2/vpcPeeringConnection:VpcPeeringConnection", "far", { peerRegion: "eu-west-1" }),
    "peerRegion",
  ),
  cloudMutant(
    "C03",
    "subnet in a local zone of another city",
    "Subnet/a",
    ["availabilityZone"],
    "us-east-1-bos-1a",
    "availabilityZone",
  ),
  cloudMutant(
    "C03",
    "endpoint of another region",
    "VpcEndpoint/s3",
    ["serviceName"],
    "com.amazonaws.us-west-2.s3",
    "serviceName",
  ),
  added(
    "C03",
    "resources without a provider",
    aws("kms/key:Key", "orphan", {}),
    "aws:kms/key:Key orphan",
    "",
  ),
];
