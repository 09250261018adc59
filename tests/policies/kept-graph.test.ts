import test from "ava";
import { unknown } from "../../policies/model/value.ts";
import { keptGraph } from "../../policies/pack/kept-graph.ts";
import { changed, goodResources } from "./good-graph.ts";

test("the policies of one preview share one graph, though the engine hands each its own copy", (t) => {
  const graphFor = keptGraph();
  t.is(graphFor(structuredClone(goodResources)), graphFor(structuredClone(goodResources)));
});

test("a graph in which one value became unknown is another graph", (t) => {
  const graphFor = keptGraph();
  const first = graphFor(goodResources);
  t.not(graphFor(changed("Deployment/llama", ["spec", "replicas"], unknown)), first);
});

test("a field that is absent and one that is unknown are told apart", (t) => {
  const graphFor = keptGraph();
  const path = ["spec", "replicas"];
  const absent = graphFor(changed("Deployment/llama", path, undefined));
  t.not(graphFor(changed("Deployment/llama", path, unknown)), absent);
});
