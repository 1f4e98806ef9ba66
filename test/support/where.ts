/** Tests that need what not every machine has (root, a program): left out where it is missing, but in CI, which must have everything, run and failing. */

/** The test or group as it is, or what leaves it out. */
export function where<T extends { readonly skip: T }>(there: boolean, run: T): T {
  return there || process.env['CI'] === 'true' ? run : run.skip;
}

export const isRoot = process.getuid?.() === 0;
