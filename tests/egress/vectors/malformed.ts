/** The field at fault: `within` is the place that the path of an error leads to, `names` the field in it. */
export interface Fault {
  readonly within: string;
  readonly names: string;
}

const inMetadata = (names: string): Fault => ({ within: "metadata", names });
const inSpec = (names: string): Fault => ({ within: "spec", names });
const inSelector = (names: string): Fault => ({ within: "spec.podSelector", names });
const inLabels = (names: string): Fault => ({ within: "spec.podSelector.matchLabels", names });
const inExpression = (names: string): Fault => ({
  within: "spec.podSelector.matchExpressions[0]",
  names,
});
const inIngress = (names: string): Fault => ({ within: "spec.ingress", names });
const inEgress = (names: string): Fault => ({ within: "spec.egress", names });
const inFrom = (names: string): Fault => ({ within: "spec.ingress[0].from[0]", names });
const inTo = (names: string): Fault => ({ within: "spec.egress[0].to[0]", names });
const inBlock = (names: string): Fault => ({ within: "spec.ingress[0].from[0].ipBlock", names });
const inPort = (names: string): Fault => ({ within: "spec.ingress[0].ports[0]", names });

/** What each malformed file of the corpus has wrong, by the file's name without its ending. */
export const faults: Readonly<Record<string, Fault>> = {
  api_version_wrong_value: { within: "", names: "apiVersion" },
  metadata_does_not_exist: { within: "", names: "metadata" },
  metadata_wrong_type: { within: "", names: "metadata" },
  metadata_wrong_keys: inMetadata("namespaceSelector"),
  metadata_with_no_value: { within: "", names: "metadata" },
  metadata_is_null: { within: "", names: "metadata" },
  metadata_empty_map: inMetadata("name"),
  metadata_name_does_not_exist: inMetadata("name"),
  metadata_name_wrong_type: inMetadata("name"),
  metadata_name_has_no_value: inMetadata("name"),
  metadata_name_null: inMetadata("name"),
  metadata_wrong_form: inMetadata("name"),
  metadata_name_long: inMetadata("name"),
  metadata_namespace_wrong_type: inMetadata("namespace"),
  spec_wrong_type: { within: "spec", names: "spec" },
  spec_wrong_keys: inSpec("name"),
  spec_empty_map: { within: "spec", names: "spec" },
  spec_podselector_does_not_exist: inSpec("podSelector"),
  spec_podselector_wrong_type: inSpec("podSelector"),
  spec_podselector_has_no_value: inSpec("podSelector"),
  spec_podselector_null: inSpec("podSelector"),
  spec_podselector_wrong_keys: inSelector("from"),
  spec_policytypes_wrong_values: inSpec("policyTypes[0]"),
  spec_policytypes_wrong_type: inSpec("policyTypes"),
  spec_policytypes_missing_egress: inSpec("policyTypes"),
  spec_policytypes_missing_ingress: inSpec("policyTypes"),
  spec_egress_wrong_keys: inEgress("from"),
  spec_egress_wrong_type: inEgress("egress"),
  spec_ingress_wrong_keys: inIngress("to"),
  spec_ingress_wrong_type: inIngress("ingress"),
  matchexpressions_wrong_keys: inExpression("value"),
  matchexpressions_wrong_type: inSelector("matchExpressions"),
  matchexpressions_key_wrong_type: inExpression("key"),
  matchexpressions_key_does_not_exist: inExpression("key"),
  matchexpressions_key_null: inExpression("key"),
  matchexpressions_key_has_no_value: inExpression("key"),
  matchexpressions_key_wrong_value_form: inExpression("key"),
  matchexpressions_key_wrong_value_form2: inExpression("key"),
  matchexpressions_operator_wrong_type: inExpression("operator"),
  matchexpressions_operator_wrong_value: inExpression("operator"),
  matchexpressions_operator_has_no_value: inExpression("operator"),
  matchexpressions_operator_null: inExpression("operator"),
  matchexpressions_operator_missing: inExpression("operator"),
  matchexpressions_values_wrong_type: inExpression("values"),
  matchexpressions_values_wrong_form: inExpression("values"),
  matchexpressions_values_no_match_with_operator: inExpression("values"),
  matchexpressions_values_no_match_with_operator2: inExpression("values"),
  matchlabels_wrong_type: inSelector("matchLabels"),
  matchlabels_wrong_key_form: inLabels("kjkjkjkx"),
  matchlabels_wrong_key_form2: inLabels("PHJVDVSAVN/role"),
  matchlabels_wrong_value_label_form: inLabels("app"),
  matchlabels_wrong_value_label_form2: inLabels("app"),
  matchlabels_wrong_value_label_type: inLabels("app"),
  matchlabels_empty_value_label: inLabels("app"),
  ports_wrong_type: { within: "spec.ingress[1]", names: "ports" },
  ports_wrong_keys: { within: "spec.ingress[1].ports[0]", names: "podSelector" },
  peers_wrong_type: { within: "spec.ingress[1]", names: "from" },
  peers_wrong_keys: { within: "spec.ingress[1].from[0]", names: "port" },
  port_wrong_type: inPort("port"),
  port_wrong_range: inPort("port"),
  port_wrong_label_form1: inPort("port"),
  port_wrong_label_form2: inPort("port"),
  protocol_wrong_value: inPort("protocol"),
  protocol_wrong_type: inPort("protocol"),
  endport_wrong_type: inPort("endPort"),
  endport_wrong_range: inPort("endPort"),
  endport_less_than_port: inPort("endPort"),
  endport_cannot_be_defined: inPort("endPort"),
  endport_cannot_be_defined2: inPort("endPort"),
  ipblock_wrong_keys: inBlock("include"),
  ipblock_cannot_be_defined: inFrom("ipBlock"),
  ipblock_wrong_type: inFrom("ipBlock"),
  ipblock_empty: inFrom("cidr"),
  ipblock_cidr_is_none: inFrom("cidr"),
  ipblock_cidr_wrong_type: inBlock("cidr"),
  ipblock_bad_cidr: inBlock("cidr"),
  ipblock_bad_cidr_2: inBlock("cidr"),
  ipblock_bad_cidr_3: inBlock("cidr"),
  ipblock_except_wrong_type: inBlock("except"),
  mixed_ipv4_cidr_ipv6_except: inBlock("except"),
  mixed_ipv6_cidr_ipv4_except: inBlock("except"),
  peer_namespaceselector_wrong_type: inTo("namespaceSelector"),
  peer_namespaceselector_wrong_keys: inTo("name"),
  peer_no_specified_fields: inTo("namespaceSelector"),
  peer_podselector_wrong_type: inFrom("podSelector"),
  peer_podselector_wrong_keys: inFrom("name"),
};
