/** Share of a GPU's memory that the engine may take; the flag and the fit of a model both follow from it. */
export const gpuMemoryUtilization = 0.92;

/** Sequences that an engine runs at once; vLLM's own default on A100. More wait, whatever the memory. */
export const concurrentSequences = 256;
