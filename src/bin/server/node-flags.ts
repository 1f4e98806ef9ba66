/** How the engine's Node is to use memory: as a small daemon, which most of the time rests. */

/**
 * Flags of V8 for whoever starts the engine: the heap grows by three tenths, not by up to three times, before it is collected. The nursery of new
 * objects is V8's own (a smaller one makes thousands of bans a sixth slower, a larger one is not given back): what it holds at rest is given back by
 * `base/process-memory`, which may ask for a collection. What is new is never put among what lives long: a guess of V8's that, once wrong, makes every
 * failure half as dear again for good. What was compiled and has not been needed since the last collection, as nearly all of a start, is let go of. V8's own
 * functions are not copied next to what it compiles: a megabyte, for a fiftieth of the speed.
 */
export const NODE_FLAGS: readonly string[] = [
  '--heap-growing-percent=30',
  '--no-allocation-site-pretenuring',
  '--bytecode-old-age=1',
  '--flush-baseline-code',
  '--no-short-builtin-calls',
  '--expose-gc',
];
