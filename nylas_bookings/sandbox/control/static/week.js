// A week of a calendar: seven days side by side where there is room, else one below the other.

import { h } from "./dom.js";
import * as times from "./times.js";

const EARLIEST = 8;
const LATEST = 18;

/** The part of an event that is on a day, in hours of that day. */
function piece(event, from, to) {
  const { start_time: start, end_time: end } = event.when;
  if (end <= from || start >= to) return null;
  return {
    event,
    start: start <= from ? 0 : times.hours(start),
    end: end >= to ? 24 : times.hours(end),
  };
}

/** Side by side what overlaps. */
function inLanes(pieces) {
  let cluster = [];
  let until = 0;
  for (const one of pieces.sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (one.start >= until) cluster = [];
    cluster.push(one);
    until = cluster.length === 1 ? one.end : Math.max(until, one.end);
    const taken = cluster.filter((other) => other !== one && other.end > one.start);
    const lanes = new Set(taken.map((other) => other.lane));
    one.lane = 0;
    while (lanes.has(one.lane)) one.lane += 1;
    const count = Math.max(...cluster.map((other) => other.lane)) + 1;
    for (const other of cluster) other.lanes = count;
  }
  return pieces;
}

function kind(event) {
  if (event.status === "maybe") return "pending";
  if (event.metadata?.source === "scheduler" || event.capacity) return "booked";
  return event.busy === false ? "free" : "other";
}

function shown({ event, start, end, lane, lanes }) {
  const length = Math.max(end - start, 0.4);
  return h("li", {
    "data-key": event.id,
    class: `event ${kind(event)}${length < 0.8 ? " short" : ""}`,
    vars: { "--start": start, "--length": length, "--lane": lane, "--lanes": lanes },
  }, link(event));
}

function link(event) {
  const [from, to] = [times.time(event.when.start_time), times.time(event.when.end_time)];
  const title = event.title || "(no title)";
  const comes = guest(event);
  return h("a", {
    href: `#events/${encodeURIComponent(event.id)}`,
    "aria-label": [`${from}–${to}`, title, comes].filter(Boolean).join(" "),
  }, h("span", { class: "when" }, from, h("span", { class: "until" }, `–${to}`)),
  " ", h("span", { class: "title" }, title),
  comes && [" ", h("span", { class: "guest quiet" }, comes)]);
}

/** Who comes, besides the organizer. */
function guest({ organizer, participants, capacity }) {
  const others = (participants ?? []).filter((one) => one.email !== organizer?.email);
  if (!others.length || capacity) return null;
  return `${others[0].name || others[0].email}${others.length > 1 ? ` +${others.length - 1}` : ""}`;
}

/** The week, and where it begins and ends for those who ask for its events. */
export function week(days, events, now) {
  const pieces = days.slice(0, 7).map((from, index) => inLanes(
    events.map((event) => piece(event, from, days[index + 1])).filter(Boolean)));
  const first = Math.floor(Math.min(EARLIEST, ...pieces.flat().map((one) => one.start)));
  const last = Math.ceil(Math.max(LATEST, ...pieces.flat().map((one) => one.end)));
  const hours = Array.from({ length: last - first }, (_, index) => first + index);
  return h("div", { class: "week card", vars: { "--first": first, "--hours": last - first } },
    h("ol", { class: "hours", "aria-hidden": "true" }, hours.map((hour) =>
      h("li", { vars: { "--start": hour } }, `${String(hour).padStart(2, "0")}:00`))),
    pieces.map((found, index) => column(days[index], days[index + 1], found, now)));
}

function column(from, to, pieces, now) {
  const today = from <= now && now < to;
  const name = times.day(from);
  return h("section", { class: `day${today ? " today" : ""}`, "data-key": `${from}`,
    "aria-label": today ? `${name}, today` : name },
  h("h2", {}, name),
  pieces.length
    ? h("ol", { class: "events" }, pieces.map(shown))
    : h("p", { class: "none quiet" }, "Nothing"),
  today && h("div", { class: "line", "aria-hidden": "true",
    vars: { "--start": times.hours(now) } }));
}
