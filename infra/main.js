// Plain JavaScript on purpose: an older Node can read this file, and no other of this program.
const needed = [24, 12];
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  // Pulumi prints errors that carry this mark as one line, without a stack.
  throw Object.assign(
    new Error(
      `Node ${process.versions.node} is too old for this program: it needs ${needed.join(".")} or newer. ` +
        "Install it, or put node_modules/.bin first on PATH after `make install`.",
    ),
    { __pulumiRunError: true },
  );
}

const { program } = await import("./index.ts");
export default program;
