/** Makes of a time the text that Python's `datetime.isoformat` makes in local time, with the offset of the zone. */
const two = (value: number): string => String(value).padStart(2, '0');

/** @param seconds since the epoch, with microseconds */
export function isoLocalTime(seconds: number): string {
  const micros = Math.round(seconds * 1e6);
  const date = new Date(Math.floor(micros / 1000));
  const fraction = micros - Math.floor(micros / 1e6) * 1e6;
  const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const offset = -date.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  return `${day}T${time}${fraction === 0 ? '' : `.${String(fraction).padStart(6, '0')}`}${zone}`;
}
