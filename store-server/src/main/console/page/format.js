// Figures for people.

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const COUNT = new Intl.NumberFormat("en");

/** As in `1.5 MiB`. */
export function bytes(value) {
  let scaled = Number(value);
  let unit = 0;
  while (scaled >= 1024 && unit < UNITS.length - 1) {
    scaled /= 1024;
    unit++;
  }
  return `${unit === 0 ? scaled : threeDigits(scaled)} ${UNITS[unit]}`;
}

/** As in `12,345`. */
export function count(value) {
  return COUNT.format(value);
}

/** As in `1.50/s`. */
export function rate(perSecond) {
  return `${perSecond === 0 ? 0 : threeDigits(perSecond)}/s`;
}

/** As in `340 µs` or `1.20 ms`. */
export function duration(micros) {
  if (micros < 1000) {
    return `${Math.round(micros)} µs`;
  }
  return micros < 1e6 ? `${threeDigits(micros / 1e3)} ms` : `${threeDigits(micros / 1e6)} s`;
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

function threeDigits(value) {
  return value >= 100 ? count(Math.round(value)) : value.toPrecision(value < 0.01 ? 1 : 3);
}
