/** What `/v1/models` answers: the one name that clients send. */
export function modelsPage(publicModel: string): string {
  const model = { id: publicModel, object: "model", created: 0, owned_by: "private-llm" };
  return JSON.stringify({ object: "list", data: [model] });
}
