// Choosing a time: the month, the day's slots, and the zone in which they are told.

import { Unanswered, explained, slots as ask } from "./api.js";
import { calendar } from "./calendar.js";
import { complain, facts, find, make, now, say } from "./page.js";
import { list } from "./slots.js";
import { askedFor, dayIn, firstOf, monthOf, nameOfDay, nameOfMonth, nextMonth } from "./times.js";
import { detected, zones } from "./zones.js";

const DAY = 86400;

/** Lets the visitor choose; `chosen(slot)` hears of it. */
export function chooser(chosen) {
  const months = new Map(); // by month, its slots
  let zone = detected();
  let dayOf = dayIn(zone);
  let day = null;
  let month = monthOf(dayOf(now()));

  const grid = calendar(find("calendar"), { turn, choose });
  zones(find("zone"), zone, changeZone);

  const first = () => monthOf(dayOf(now()));
  const last = () => monthOf(dayOf(now() + facts.available_days_in_future * DAY));

  /** Slots by day, of the month that is shown. */
  function days() {
    const found = new Map();
    for (const slot of months.get(month) ?? []) {
      const key = dayOf(slot.start_time);
      if (monthOf(key) === month) found.set(key, [...(found.get(key) ?? []), slot]);
    }
    return found;
  }

  async function load(wanted) {
    if (months.has(wanted)) return;
    const [start, end] = askedFor(wanted);
    const earliest = Math.ceil(now() + facts.min_booking_notice * 60);
    const found = end > earliest ? await ask(Math.max(start, earliest), end) : [];
    const isNew = ({ start_time, end_time }) =>
      start_time !== facts.booking?.start || end_time !== facts.booking?.end;
    months.set(wanted, found.filter(isNew).sort((a, b) => a.start_time - b.start_time));
  }

  /** Load a month, and complain where that fails. */
  async function loaded(wanted) {
    find("calendar").setAttribute("aria-busy", "true");
    try {
      await load(wanted);
      return true;
    } catch (error) {
      const again = { type: "button", class: "plain", click: () => retry(wanted) };
      const why = error instanceof Unanswered ? "Perhaps the sandbox has stopped." : explained(error);
      complain(`The times could not be loaded. ${why} `, make("button", again, "Try again"));
      return false;
    } finally {
      find("calendar").removeAttribute("aria-busy");
    }
  }

  function retry(wanted) {
    complain();
    turn(wanted);
  }

  async function turn(wanted) {
    if (!(await loaded(wanted))) return;
    month = wanted;
    if (day && monthOf(day) !== month) day = null;
    draw();
    say(`${nameOfMonth(month)}: ${days().size || "no"} days with times`);
  }

  function changeZone(wanted) {
    const kept = day && days().get(day)?.[0];
    zone = wanted;
    dayOf = dayIn(zone);
    if (kept) {
      day = dayOf(kept.start_time);
      month = monthOf(day);
    }
    loaded(month).then(draw);
    say(`Times are now told in ${zone.replaceAll("_", " ")}`);
  }

  function choose(wanted, byKey) {
    day = wanted;
    draw();
    const place = find("times");
    say(`${days().get(day).length} times on ${nameOfDay(day)}`);
    if (byKey) place.querySelector("button").focus();
    else if (isBelow(place, find("calendar"))) place.scrollIntoView();
  }

  function draw() {
    const found = days();
    const counts = new Map([...found].map(([key, slots]) => [key, slots.length]));
    const today = dayOf(now());
    const focus = day ?? [...counts.keys()][0] ?? (monthOf(today) === month ? today : firstOf(month));
    grid.draw({ month, counts, today, chosen: day, focus, first: first(), last: last() });
    const slots = day && found.get(day);
    find("times").replaceChildren(...(slots ? list(day, slots, zone, chosen) : hint(found)));
  }

  function hint(found) {
    if (found.size) return [make("p", { class: "quiet hint" }, "Choose a day to see its times.")];
    const none = make("p", { class: "quiet hint" }, `No times are left in ${nameOfMonth(month)}.`);
    if (month >= last()) return [none];
    const next = nextMonth(month);
    return [none, make("button", { type: "button", click: () => turn(next) }, `See ${nameOfMonth(next)}`)];
  }

  /** Begin with the first month that has times. */
  async function begin() {
    while (await loaded(month)) {
      if (days().size || month >= last()) break;
      month = nextMonth(month);
    }
    if (!days().size) month = first();
    draw();
  }

  /** Ask again: what was on offer is no longer. */
  async function refresh() {
    months.clear();
    if (await loaded(month)) draw();
  }

  begin();
  return { refresh };
}

/** As on a phone, where choosing a day would else seem to do nothing. */
const isBelow = (element, other) =>
  element.getBoundingClientRect().top >= other.getBoundingClientRect().bottom;
