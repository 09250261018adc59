/** Name of a Role of the stack, and of its binding, in each of its namespaces. */
export function roleObjectName(role: "viewer" | "operator" | "break-glass"): string {
  return `private-llm-${role}`;
}
