/** A posted form or a query as plain data: one value for each name, all values where a name comes several times (check boxes). */

/** Values longer than this are not kept: no field of ours is, and no body that is read. */
const MAX_VALUE = 4_000_000;

export class Form {
  constructor(private readonly fields: ReadonlyMap<string, readonly string[]>) {}

  /** The first value of a name; '' when it was not sent. */
  get(name: string): string {
    return this.fields.get(name)?.[0] ?? '';
  }

  /** All values of a name, in the order of the form. */
  all(name: string): readonly string[] {
    return this.fields.get(name) ?? [];
  }

  has(name: string): boolean {
    return this.fields.has(name);
  }

  names(): readonly string[] {
    return [...this.fields.keys()];
  }

  /** The same form with one value changed. */
  with(name: string, value: string): Form {
    return new Form(new Map([...this.fields, [name, [value]]]));
  }

  /** The same form with values added for names that it lacks. */
  withAll(values: Readonly<Record<string, string>>): Form {
    return new Form(
      new Map([...Object.entries(values).map(([name, value]): [string, readonly string[]] => [name, [value]]), ...this.fields]),
    );
  }

  /** The first value of each name, for a schema. */
  plain(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.fields].map(([name, values]) => [name, values[0] ?? '']));
  }
}

/** Makes a form from what a body parser found; what is neither a text nor a list of texts is left out. */
export function formOf(body: unknown): Form {
  const fields = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries((body ?? {}) as Record<string, unknown>)) {
    const texts = (Array.isArray(value) ? (value as unknown[]) : [value]).filter(
      (text): text is string => typeof text === 'string' && text.length <= MAX_VALUE,
    );
    if (texts.length > 0) fields.set(name, texts);
  }
  return new Form(fields);
}

/** A form from names and values, for tests and for pages that answer a form with another. */
export function formFrom(values: Readonly<Record<string, string | readonly string[]>>): Form {
  return formOf(values);
}
