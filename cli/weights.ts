// The program of the image, for people: npm runs it in the repository, and paths are those of their own folder.
process.chdir(process.env["INIT_CWD"] ?? ".");
await import("../weights/main.ts");
