// Figures for people.

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const COUNT = new Intl.NumberFormat("en");

/** As in `1.50 MiB`; on an axis, with the digits that tell one `tick` from the next. */
export function bytes(value, tick) {
  let unit = 0;
  while (Number(value) >= 1024 ** (unit + 1) && unit < UNITS.length - 1) {
    unit++;
  }
  return `${scaled(Number(value), 1024 ** unit, unit === 0 ? 1 : tick)} ${UNITS[unit]}`;
}

/** As in `12,345`. */
export function count(value) {
  return COUNT.format(value);
}

/** As in `1.50/s`. */
export function rate(perSecond, tick) {
  return `${scaled(perSecond, 1, tick)}/s`;
}

/** As in `340 µs` or `1.20 ms`. */
export function duration(micros, tick) {
  if (micros < 1000) {
    return `${scaled(micros, 1, tick ?? 1)} µs`;
  }
  return micros < 1e6 ? `${scaled(micros, 1e3, tick)} ms` : `${scaled(micros, 1e6, tick)} s`;
}

/** As in `3 d 4 h`: the two largest units. */
export function uptime(millis) {
  const seconds = Math.floor(millis / 1000);
  const parts = [
    [Math.floor(seconds / 86400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ];
  const first = Math.max(0, parts.findIndex(([value]) => value > 0));
  const shown = parts[first][0] === 0 ? parts.slice(3) : parts.slice(first, first + 2);
  return shown.map(([value, unit]) => `${value} ${unit}`).join(" ");
}

/** As in `5 minutes ago`. */
export function ago(millis) {
  const seconds = Math.max(0, Math.round(millis / 1000));
  if (seconds < 60) {
    return RELATIVE.format(-seconds, "second");
  }
  if (seconds < 3600) {
    return RELATIVE.format(-Math.floor(seconds / 60), "minute");
  }
  return seconds < 86400
    ? RELATIVE.format(-Math.floor(seconds / 3600), "hour")
    : RELATIVE.format(-Math.floor(seconds / 86400), "day");
}

/** With three digits, or as many decimals as `tick` has. */
function scaled(value, unit, tick) {
  const number = value / unit;
  const magnitude = number === 0 ? 2 : Math.floor(Math.log10(Math.abs(number)));
  const decimals = tick === undefined ? 2 - magnitude : Math.ceil(-Math.log10(tick / unit) - 1e-9);
  const digits = Math.min(6, Math.max(0, decimals));
  return number.toLocaleString("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
