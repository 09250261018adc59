import { program } from "../infra/index.ts";
import { record } from "../offline/recorder.ts";
import { readStackFile } from "../offline/stack-file.ts";

// The program under mocks and nothing else: what `check` cannot be faster than.
const [root = ".", stack = "bench"] = process.argv.slice(2);
const file = await readStackFile(root, stack);
await record(program, { ...file });
