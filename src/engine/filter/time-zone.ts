/** Makes an offset from UTC from a time zone as logs and `logtimezone` write it: an abbreviation, an offset, or both. */

/** A time zone that is not known, such as `XYZ`: fail2ban gives up on the line that has it. */
export class ZoneError extends Error {
  constructor(zone: string) {
    super(`Unknown or unsupported time zone: '${zone}'`);
    this.name = 'ZoneError';
  }
}

/** Text that is no zone at all, such as `cet` or `Thu`: fail2ban takes a date with it for none. */
export class ZoneShapeError extends ZoneError {}

/** Minutes east of UTC and the abbreviations that mean them; fixed, without daylight saving. */
const BY_MINUTES: readonly (readonly [number, string])[] = [
  [-720, 'Y'],
  [-660, 'NUT SST X'],
  [-600, 'CKT HAST HST TAHT TKT W'],
  [-570, 'MART MIT'],
  [-540, 'AKST GAMT GIT HADT HNY V'],
  [-480, 'AKDT CIST HAY HNP PST PT U'],
  [-420, 'HAP HNR MST PDT T'],
  [-360, 'CST EAST GALT HAR HNC MDT S'],
  [-300, 'CDT COT EASST ECT EST ET HAC HNE PET R'],
  [-270, 'HLV VET'],
  [-240, 'AST BOT CLT COST EDT FKT GYT HAE HNA PYT Q'],
  [-210, 'HNT NST NT'],
  [-180, 'ADT ART BRT CLST FKST GFT HAA P PMST PYST SRT UYT WGT'],
  [-150, 'HAT NDT'],
  [-120, 'BRST FNT O PMDT UYST WGST'],
  [-60, 'AZOT CVT EGT N'],
  [0, 'EGST GMT UTC WET WT Z'],
  [60, 'A CET DFT WAT WEDT WEST'],
  [120, 'B CAT CEDT CEST EET SAST WAST'],
  [180, 'C EAT EEDT EEST IDT MSK'],
  [210, 'IRST'],
  [240, 'AMT AZT D GET GST KUYT MSD MUT RET SAMT SCT'],
  [270, 'AFT IRDT'],
  [300, 'AMST AQTT AZST E HMT MAWT MVT PKT TFT TJT TMT UZT YEKT'],
  [330, 'SLT'],
  [345, 'NPT'],
  [360, 'ALMT BIOT BTT F IOT KGT NOVT OMST YEKST'],
  [390, 'CCT MMT'],
  [420, 'CXT DAVT G HOVT ICT KRAT NOVST OMSST THA WIB'],
  [480, 'ACT AWST BDT BNT CAST H HKT IRKT KRAST MYT PHT SGT ULAT WITA WST'],
  [540, 'AWDT I IRKST JST KST PWT TLT WDT WIT YAKT'],
  [570, 'ACST'],
  [600, 'AEST K PGT VLAT YAKST YAPT'],
  [630, 'ACDT LHST'],
  [660, 'AEDT L LHDT MAGT NCT PONT SBT VLAST VUT'],
  [690, 'NFT'],
  [720, 'ANAST ANAT FJT GILT M MAGST MHT NZST PETST PETT TVT WFT'],
  [780, 'FJST NZDT'],
];

const ABBREVIATIONS: ReadonlyMap<string, number> = new Map(
  BY_MINUTES.flatMap(([minutes, names]) => names.split(' ').map((name) => [name, minutes] as const)),
);

/** Digits of any script as ASCII ones: regexes take them all. Each script's digits lie side by side, 0 first. */
export function plainDigits(text: string): string {
  return text.replace(/(?![\0-\x7f])\p{Nd}/gu, (digit) => {
    let before = digit.codePointAt(0) ?? 0;
    let value = -1;
    for (; /^\p{Nd}$/u.test(String.fromCodePoint(before)); before--) value += 1;
    return String(value % 10);
  });
}

/**
 * Minutes east of UTC of a zone such as `CET`, `+0100`, `-05`, `UTC+02:30`, `Z`; '' is UTC (jail.conf(5), logtimezone).
 * @throws ZoneError for an abbreviation that nobody knows, ZoneShapeError for what is none of these
 */
export function zoneOffset(zone: string): number {
  const parts = /^([A-Z]|[A-Z]{3,5})?(?:([+-])([01]\d)(?::?(\d{2}))?)?$/.exec(plainDigits(zone));
  if (parts === null) throw new ZoneShapeError(zone);
  const [, name, sign, hours, minutes] = parts;
  const base = name === undefined ? 0 : ABBREVIATIONS.get(name);
  if (base === undefined) throw new ZoneError(zone);
  const shift = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return base + (sign === '-' ? -shift : shift);
}
