/** How the engine's Node is to use memory: as a small daemon, which most of the time rests. */

/**
 * Flags of V8 for whoever starts the engine: the nursery of new objects is 8 MiB, not 16 (smaller ones make busy jails slower: what they keep
 * is moved more often), and the heap grows by three tenths, not by up to three times, before it is collected. What is left at rest is given back
 * by `base/process-memory`, which may ask for a collection.
 */
export const NODE_FLAGS: readonly string[] = ['--max-semi-space-size=8', '--heap-growing-percent=30', '--expose-gc'];
