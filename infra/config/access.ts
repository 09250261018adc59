import { z } from "zod";

/**
 * A group of the identity provider. Groups of Kubernetes itself are refused: `system:masters` passes
 * every check, and `system:authenticated` or `system:unauthenticated` would mean everybody.
 */
const group = z.string().superRefine((value, context) => {
  const message = groupFault(value);
  if (message !== undefined) context.addIssue({ code: "custom", message });
});

function groupFault(value: string): string | undefined {
  const shown = JSON.stringify(value);
  if (value === "" || value !== value.trim()) {
    return `${shown} is empty or has spaces around it; give the name exactly as the identity provider reports it`;
  }
  if (value.startsWith("system:")) {
    return `${shown} belongs to Kubernetes itself and cannot be limited to people; name a group of the identity provider`;
  }
  return undefined;
}

const groups = z.array(group).default([]);

/** Who may look at the stack, run it, and open it in an emergency; nobody, unless a group is named. */
export const accessSchema = z
  .strictObject({ viewers: groups, operators: groups, breakGlass: groups })
  .superRefine((access, context) => {
    const daily = new Set([...access.viewers, ...access.operators]);
    for (const [key, names] of Object.entries(access)) {
      for (const [index, name] of names.entries()) {
        if (names.indexOf(name) === index) continue;
        const message = `${JSON.stringify(name)} is named twice; remove one`;
        context.addIssue({ code: "custom", path: [key, index], message });
      }
    }
    for (const [index, name] of access.breakGlass.entries()) {
      if (!daily.has(name)) continue;
      const message = `${JSON.stringify(name)} is also a group of daily work; break-glass needs a group of its own`;
      context.addIssue({ code: "custom", path: ["breakGlass", index], message });
    }
  });

export type AccessConfig = z.infer<typeof accessSchema>;
