import { createHash } from "node:crypto";
import { type Site, startSite } from "./site.ts";

/** Stands in for the model hub, which no test can reach: it knows every repository. */
export function startHub(): Promise<Site> {
  return startSite((request, response) => {
    const id = /^\/api\/models\/(.+)\/revision\/main$/.exec(request.url ?? "")?.[1];
    if (id === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.end(JSON.stringify({ id, sha: revisionOf(id) }));
  });
}

/** The commit that the stand-in names for a repository. */
export function revisionOf(repository: string): string {
  return createHash("sha1").update(repository).digest("hex");
}
