// Days are texts such as "2026-11-23", months "2026-11"; moments are seconds since the epoch.

const utc = (day) => new Date(`${day}T00:00:00Z`);
const text = (date) => date.toISOString().slice(0, 10);

export const monthOf = (day) => day.slice(0, 7);
export const firstOf = (month) => `${month}-01`;

export function shifted(day, days) {
  const date = utc(day);
  date.setUTCDate(date.getUTCDate() + days);
  return text(date);
}

export function nextMonth(month, by = 1) {
  const date = utc(firstOf(month));
  date.setUTCMonth(date.getUTCMonth() + by);
  return monthOf(text(date));
}

/** The same day of another month, or its last one. */
export function sameDayIn(month, day) {
  const last = shifted(firstOf(nextMonth(month)), -1);
  const same = `${month}-${day.slice(8)}`;
  return same < last ? same : last;
}

/** From when to when one has to ask for a month, in whatever zone it is looked at. */
export function askedFor(month) {
  const day = 86400;
  return [utc(firstOf(month)) / 1000 - day, utc(firstOf(nextMonth(month))) / 1000 + day];
}

/** Monday is 1, Sunday 7, in whatever order the visitor's country has them. */
export function weekStart() {
  const locale = new Intl.Locale(navigator.language);
  const info = locale.getWeekInfo?.() ?? locale.weekInfo;
  return info?.firstDay ?? 1;
}

export const weekdayOf = (day) => utc(day).getUTCDay() || 7;

/** Says which day it is at a moment. */
export function dayIn(zone) {
  const format = new Intl.DateTimeFormat("en-u-ca-gregory-nu-latn", {
    timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit",
  });
  return (moment) => {
    const parts = Object.fromEntries(format.formatToParts(moment * 1000).map((p) => [p.type, p.value]));
    return `${parts.year.padStart(4, "0")}-${parts.month}-${parts.day}`;
  };
}

function formatter(options) {
  // The grid is that of the Gregorian calendar, so the names must be as well.
  return new Intl.DateTimeFormat(undefined, { calendar: "gregory", ...options });
}

const monthTitle = formatter({ timeZone: "UTC", month: "long", year: "numeric" });
const dayTitle = formatter({ timeZone: "UTC", weekday: "long", day: "numeric", month: "long" });
const number = formatter({ timeZone: "UTC", day: "numeric" });
const short = formatter({ timeZone: "UTC", weekday: "short" });
const long = formatter({ timeZone: "UTC", weekday: "long" });

export const nameOfMonth = (month) => monthTitle.format(utc(firstOf(month)));
export const nameOfDay = (day) => dayTitle.format(utc(day));
export const numberOfDay = (day) => number.format(utc(day));

/** Short and long names of the days of the week, in their order. */
export function namesOfWeekdays() {
  const start = shifted("2024-01-01", weekStart() - 1);
  const days = [...Array(7).keys()].map((days) => utc(shifted(start, days)));
  return days.map((day) => [short.format(day), long.format(day)]);
}

const { hourCycle } = new Intl.DateTimeFormat(undefined, { hour: "numeric" }).resolvedOptions();
// "9:00 am" has no zero before it, "09:00" has, so that times stand in a column.
const TIME = { hour: hourCycle.startsWith("h2") ? "2-digit" : "numeric", minute: "2-digit" };

/** Says which time of day it is at a moment. */
export function timeIn(zone, withName = false) {
  const name = withName ? { timeZoneName: "short" } : {};
  const format = formatter({ timeZone: zone, ...TIME, ...name });
  return (moment) => format.format(moment * 1000);
}

/** A whole appointment: day, times, and on which clock. */
export function spanIn(zone, start, end) {
  const day = formatter({
    timeZone: zone, weekday: "long", day: "numeric", month: "long", year: "numeric",
  });
  const times = formatter({ timeZone: zone, ...TIME, timeZoneName: "short" });
  return [day.format(start * 1000), times.formatRange(start * 1000, end * 1000)];
}
