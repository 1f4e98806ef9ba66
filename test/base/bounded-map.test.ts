/** A bounded map is a Map of which the oldest entry goes when it is full. */
import fc from 'fast-check';
import { BoundedMap } from '../../src/base/bounded-map';

type Step = { readonly kind: 'set' | 'delete' | 'get'; readonly key: string };

/** The same with a Map. */
class Model {
  readonly #kept = new Map<string, number>();

  constructor(readonly capacity: number) {}

  get size(): number {
    return this.#kept.size;
  }

  get(key: string): number | undefined {
    return this.#kept.get(key);
  }

  set(key: string, value: number): void {
    this.#kept.delete(key);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size === this.capacity && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(key, value);
  }

  delete(key: string): boolean {
    return this.#kept.delete(key);
  }
}

test('does what a Map would do', () => {
  const keys = fc.oneof(
    fc.nat(30).map(String),
    fc.string({ maxLength: 3 }),
    fc.nat(9).map((n) => `${'x'.repeat(40)}${n}${'same end of all'}`),
  );
  const steps = fc.array(fc.record<Step>({ kind: fc.constantFrom('set', 'set', 'delete', 'get'), key: keys }), { maxLength: 200 });
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 20 }), (list, capacity) => {
      const [ours, model] = [new BoundedMap<number>(capacity), new Model(capacity)];
      list.forEach(({ kind, key }, at) => {
        if (kind === 'set') [ours, model].forEach((map) => map.set(key, at));
        else if (kind === 'delete') expect(ours.delete(key)).toBe(model.delete(key));
        expect(ours.get(key)).toBe(model.get(key));
        expect(ours.size).toBe(model.size);
      });
      for (const { key } of list) {
        expect(ours.get(key)).toBe(model.get(key));
        expect(ours.hasPart(`a${key}b`, 1, 1 + key.length)).toBe(model.get(key) !== undefined);
      }
    }),
    { numRuns: 500, seed: 5 },
  );
});

test('holds at least one entry', () => {
  expect(() => new BoundedMap(0)).toThrow(RangeError);
});
