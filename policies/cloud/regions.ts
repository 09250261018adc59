/** What rules know of a provider of Pulumi: where it says in which region it works. */
export interface CloudProvider {
  /** Properties of the provider itself; the first that is set counts. Empty: each resource says it. */
  readonly region: readonly string[];
  /** Names of properties, in any of its resources, that hold a region, zone or location. */
  readonly properties: RegExp;
  /** The region that a value names; `undefined` for what names none. */
  readonly read: (value: string) => string | undefined;
  /** Whether a provider without a region is a fault, since its resources then lie anywhere. */
  readonly required: boolean;
}

/** `us-east-1a` to `us-east-1`; local zones, which lie in another city, name no region. */
function awsRegion(value: string): string | undefined {
  return /^([a-z]{2}(?:-[a-z]+)+-\d)[a-z]?$/.exec(value)?.[1];
}

/** `us-east1-b` to `us-east1`; multi-regions such as `US` name none. */
function googleRegion(value: string): string | undefined {
  return /^([a-z]+(?:-[a-z]+)+\d+)(?:-[a-z])?$/.exec(value)?.[1];
}

/** `East US` and `eastus` are one. */
function azureRegion(value: string): string | undefined {
  const name = value.toLowerCase().replaceAll(" ", "");
  return /^[a-z]+\d?$/.test(name) && name !== "global" ? name : undefined;
}

const azureProperties = /^(?:regions?|\w*[lL]ocations?)$/;

/** Clouds whose regions a rule can read, by the name of Pulumi's package. */
export const clouds: Readonly<Record<string, CloudProvider>> = {
  aws: {
    region: ["region"],
    properties: /^(?:\w*[rR]egions?|\w*[rR]egionName|availabilityZones?|availabilityZoneName)$/,
    read: awsRegion,
    required: true,
  },
  gcp: {
    region: ["region", "zone"],
    properties: /^(?:\w*[rR]egions?|zones?|\w*[lL]ocations?)$/,
    read: googleRegion,
    required: true,
  },
  azure: { region: [], properties: azureProperties, read: azureRegion, required: false },
  "azure-native": { region: [], properties: azureProperties, read: azureRegion, required: false },
};

/** Packages that keep no data anywhere: they talk to the cluster, or work on this machine. */
export const regionless: ReadonlySet<string> = new Set([
  "command",
  "kubernetes",
  "local",
  "pulumi",
  "random",
  "std",
  "synced-folder",
  "time",
  "tls",
]);

/** The region inside an ARN, or in the name of an endpoint's service. */
export function regionInName(value: string): string | undefined {
  return (
    /^arn:aws[\w-]*:[\w-]+:([a-z]{2}(?:-[a-z]+)+-\d):/.exec(value)?.[1] ??
    /^com\.amazonaws\.([a-z]{2}(?:-[a-z]+)+-\d)\./.exec(value)?.[1]
  );
}

/** Whether an id of a zone is one of a data centre of the region, not of a local zone elsewhere. */
export function isRegularZoneId(value: string): boolean {
  return /^[a-z]+\d-az\d+$/.test(value);
}
