/**
 * What an inference pod may mount. Left out: folders and sockets of the node, inline CSI volumes, whose
 * driver decides alone, and network file systems, which the node mounts past every network policy.
 */
export const inferenceVolumeTypes = [
  "configMap",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
] as const;

/** Volume types whose files a container can never change. */
export const readOnlyVolumeTypes = [
  "configMap",
  "downwardAPI",
  "image",
  "projected",
  "secret",
] as const;

/** Folders of the operating system: a local volume there is a hostPath by another name. */
export const systemFolders: readonly string[] =
  "/bin /boot /dev /etc /home /lib /lib32 /lib64 /proc /root /run /sbin /sys /tmp /usr /var".split(
    " ",
  );

/** Annotations by which a plugin of containerd gives a container limits of its own, such as on core dumps. */
export const limitAnnotations = "ulimits.nri.containerd.io/";
