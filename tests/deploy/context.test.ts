import test from "ava";
import {
  type ContextQuestion,
  decideContext,
  localClusterName,
} from "../../deploy/target/context.ts";

const question: ContextQuestion = {
  stack: "prod",
  stackContext: "private-llm-prod",
  asked: undefined,
  current: "private-llm-prod",
  contexts: [
    { name: "private-llm-prod", server: "https://10.20.0.5:6443" },
    { name: "work", server: "https://work.example.com" },
  ],
  file: "/home/me/.kube/config",
};

test("the current context is used where the stack file names the same one", (t) => {
  t.is(decideContext(question), "private-llm-prod");
});

test("another current context is refused, naming the cluster that it points at", (t) => {
  t.throws(() => decideContext({ ...question, current: "work" }), {
    message:
      'refused: context "work" in /home/me/.kube/config points at https://work.example.com, a cluster that this tool did not make, ' +
      'and stack prod belongs to context "private-llm-prod"; name the cluster to use with --context NAME',
  });
});

test("where the stack file names no context, a person has to", (t) => {
  t.throws(() => decideContext({ ...question, stackContext: undefined, current: "work" }), {
    message:
      'refused: context "work" in /home/me/.kube/config points at https://work.example.com, a cluster that this tool did not make, ' +
      "and stack prod names no context; name the cluster to use with --context NAME",
  });
});

test("--context takes any context that the kubeconfig has", (t) => {
  t.is(decideContext({ ...question, asked: "work" }), "work");
});

test("--context with an unknown name lists those there are", (t) => {
  t.throws(() => decideContext({ ...question, asked: "wrok" }), {
    message:
      "--context wrok: /home/me/.kube/config has no such context; it has private-llm-prod, work",
  });
});

test("a kubeconfig without a current context is refused", (t) => {
  t.throws(() => decideContext({ ...question, current: undefined }), {
    message:
      "/home/me/.kube/config has no current context; name the cluster for stack prod with --context NAME (it has private-llm-prod, work)",
  });
});

test("a local cluster's name is what its context has after the prefix", (t) => {
  t.is(localClusterName("private-llm-dev"), "dev");
  t.throws(() => localClusterName("kind-kind"), {
    message:
      'cluster.context "kind-kind": a local cluster\'s context is private-llm-NAME, as in private-llm-dev; correct the stack file',
  });
});
