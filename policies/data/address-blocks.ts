/** Prefixes of the widest private ranges, 10.0.0.0/8 and fc00::/7: nothing wider can be private. */
export const widestPrivatePrefix = { 4: 8, 6: 7 } as const;
