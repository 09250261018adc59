import { z } from "zod";

/** The registry inside, as a stack file names it; the program and the policies read the same. */
export const registrySchema = z
  .strictObject({
    host: z
      .string()
      .regex(
        /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:\d{1,5})?$/,
        "must be a host name with an optional port, without scheme or path",
      ),
    /** Path below the host under which upstream repositories are mirrored. */
    prefix: z
      .string()
      .regex(/^[a-z0-9._-]+(\/[a-z0-9._-]+)*$/, "must be a path without slashes at its ends")
      .optional(),
  })
  .transform(({ host, prefix }) => (prefix === undefined ? { host } : { host, prefix }));
