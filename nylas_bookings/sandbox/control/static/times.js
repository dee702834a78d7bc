// Moments, in seconds since the epoch, as the clock of a zone shows them.

const PARTS = { hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
  hour: "2-digit", minute: "2-digit", second: "2-digit" };
const formats = new Map();
let zone = "UTC";

export const chosen = () => zone;
export const choose = (name) => { zone = name; };
export const own = () => new Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

function formatted(style, instant) {
  const name = `${zone} ${JSON.stringify(style)}`;
  if (!formats.has(name)) {
    formats.set(name, new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...style }));
  }
  return formats.get(name).formatToParts(instant * 1000);
}

const text = (style, instant) => formatted(style, instant).map((part) => part.value).join("");
const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

export const time = (instant) => text(TIME, instant);
export const day = (instant) =>
  text({ weekday: "short", day: "numeric", month: "short" }, instant).replace(",", "");
export const date = (instant) =>
  text({ weekday: "short", day: "numeric", month: "short", year: "numeric" }, instant)
    .replace(",", "");
export const exact = (instant) =>
  `${day(instant)}, ${text({ ...TIME, second: "2-digit" }, instant)}`;
export const full = (instant) =>
  `${date(instant)}, ${text({ ...TIME, second: "2-digit" }, instant)}`;

/** From one time to another: `Mon 23 Nov, 09:00–09:30`. */
export function span(start, end) {
  const last = day(start) === day(end) ? time(end) : `${day(end)}, ${time(end)}`;
  return `${day(start)}, ${time(start)}–${last}`;
}

/** What the clock on the wall shows, as the seconds from the epoch that UTC would show so. */
function wall(instant) {
  const parts = Object.fromEntries(formatted(PARTS, instant).map((p) => [p.type, Number(p.value)]));
  return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second)
    / 1000;
}

const offset = (instant) => wall(instant) - Math.floor(instant);

/** The moment at which the clock on the wall shows that. */
export function instant(shown) {
  const first = shown - offset(shown);
  return shown - offset(first);
}

/** The moment that somebody typed, as an input for date and time has it. */
export const typed = (value) => instant(Date.parse(`${value}Z`) / 1000);

const DAY = 86400;

/** The first moments of the seven days of a week, and that of the day after. */
export function week(at, by) {
  const today = Math.floor(wall(at) / DAY);
  const monday = today - ((today + 3) % 7) + 7 * by;
  return Array.from({ length: 8 }, (_, index) => instant((monday + index) * DAY));
}

/** How many hours the clock on the wall has shown of the day since its midnight. */
export const hours = (at) => (wall(at) % DAY) / 3600;
