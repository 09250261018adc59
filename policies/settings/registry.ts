import { z } from "zod";

/** The private registry as `host` or `host/prefix`, the form in which rules compare images with it. */
export const registrySchema = z
  .strictObject({
    host: z
      .string()
      .regex(
        /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:\d{1,5})?$/,
        "must be a host name with an optional port",
      ),
    prefix: z
      .string()
      .regex(/^[a-z0-9._-]+(\/[a-z0-9._-]+)*$/, "must be a path without slashes at its ends")
      .optional(),
  })
  .transform(({ host, prefix }) => (prefix === undefined ? host : `${host}/${prefix}`));
