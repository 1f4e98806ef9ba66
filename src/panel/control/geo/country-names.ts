/** English names of countries by their codes, as the runtime knows them. */

const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });
const known = new Map<string, string>();

/** The name of an ISO 3166 alpha-2 code; the code itself when nobody knows it. */
export function countryName(code: string): string {
  let name = known.get(code);
  if (name === undefined) {
    name = /^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code;
    known.set(code, name);
  }
  return name;
}
