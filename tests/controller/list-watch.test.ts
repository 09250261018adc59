import { setTimeout as sleep } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";
import { type Followed, follow } from "../../controller/kubernetes/list-watch.ts";

/** One answer of an API server that does as it is told. */
interface Served {
  /** Names of the list, or the status of its failure. */
  readonly list: readonly string[] | number;
  readonly version: string;
  /** Each watch in turn: its events, and how it ends. */
  readonly watches: readonly {
    readonly events: readonly (readonly [string, string, string])[];
    readonly end: unknown;
  }[];
}

function object(name: string, resourceVersion: string) {
  return { metadata: { name, resourceVersion } };
}

function server(served: readonly Served[]) {
  const asked: string[] = [];
  let lists = 0;
  let watches: Served["watches"][number][] = [];
  const from: Followed = {
    client: () =>
      Promise.resolve({
        send: () => {
          const now = served[lists++];
          if (now === undefined) return new Promise(() => {});
          watches = [...now.watches];
          asked.push("list");
          if (typeof now.list === "number") return Promise.resolve({ status: now.list, body: {} });
          const items = now.list.map((name) => object(name, now.version));
          return Promise.resolve({
            status: 200,
            body: { metadata: { resourceVersion: now.version }, items },
          });
        },
      }),
    watch: () => ({
      watch: (_path, query, onEvent, done) => {
        asked.push(`watch from ${String(query["resourceVersion"])}`);
        const now = watches.shift();
        setImmediate(() => {
          for (const [type, name, version] of now?.events ?? []) {
            onEvent(type, type === "ERROR" ? { code: 410 } : object(name, version));
          }
          if (now !== undefined) done(now.end);
        });
        return Promise.resolve(new AbortController());
      },
    }),
  };
  return { from, asked };
}

async function followed(t: ExecutionContext, served: readonly Served[], wait: number) {
  const { from, asked } = server(served);
  const seen: string[] = [];
  const errors: string[] = [];
  const ending = new AbortController();
  t.teardown(() => ending.abort());
  void follow(
    from,
    { name: "things", path: "/things" },
    {
      onObjects: (objects) => {
        seen.push(
          objects.map((each) => JSON.stringify(each).match(/"name":"(\w+)"/)?.[1]).join(","),
        );
      },
      onContact: () => {},
      onError: (reason) => errors.push(reason),
    },
    ending.signal,
  );
  await sleep(wait);
  return { seen, errors, asked };
}

test("a list and its changes", async (t) => {
  const events = [
    ["ADDED", "b", "2"],
    ["BOOKMARK", "", "3"],
    ["DELETED", "a", "4"],
  ] as const;
  const watches = [
    { events, end: null },
    { events: [["ADDED", "c", "5"]] as const, end: null },
  ];
  const { seen, errors, asked } = await followed(t, [{ list: ["a"], version: "1", watches }], 600);
  t.deepEqual(seen, ["a", "a,b", "b", "b,c"]);
  t.deepEqual(errors, []);
  t.deepEqual(asked, ["list", "watch from 1", "watch from 4", "watch from 5"]);
});

test("a version that is too old is read anew, without a moment in which there is nothing", async (t) => {
  const gone = { events: [["ERROR", "", ""]] as const, end: null };
  const { seen, errors, asked } = await followed(
    t,
    [
      { list: ["a", "b"], version: "1", watches: [gone] },
      { list: ["b"], version: "9", watches: [] },
    ],
    700,
  );
  t.deepEqual(seen, ["a,b", "b"]);
  t.regex(errors.join(), /things: watch broke off: .*410/);
  t.deepEqual(asked, ["list", "watch from 1", "list", "watch from 9"]);
});

test("what fails is tried again, later each time, and what was known stays", async (t) => {
  const broken = { events: [], end: new Error("reset") };
  const { seen, errors } = await followed(
    t,
    [
      { list: ["a"], version: "1", watches: [broken] },
      { list: 500, version: "", watches: [] },
      { list: ["a"], version: "2", watches: [] },
    ],
    2000,
  );
  t.deepEqual(seen, ["a", "a"]);
  t.deepEqual(errors, ["things: reset", "things: list answered with HTTP 500"]);
});
