/** Who a field belongs to, as the API server records it. */
export const fieldManager = "private-llm";

/** Label on every object that a stack made, with the stack's name; nothing without it is ever deleted. */
export const stackLabel = "private-llm/stack";

/** Where this tool keeps its own notes: exists on every cluster, and no stack can own or delete it. */
export const notesNamespace = "kube-system";
