// The times of one day, as buttons.

import { facts, make } from "./page.js";
import { nameOfDay, timeIn } from "./times.js";

/** A day with its slots; `chosen(slot, zone)` hears which one is pressed. */
export function list(day, slots, zone, chosen) {
  const time = timeIn(zone);
  const buttons = slots.map((slot) =>
    make("button", { type: "button", class: "slot", click: () => chosen(slot, zone) },
      ...(facts.group ? meeting(slot, time) : [name(slot, slots, time, zone)])));
  const items = buttons.map((button) => make("li", {}, button));
  return [make("h3", {}, nameOfDay(day)), make("ul", { class: facts.group && "wide" }, ...items)];
}

/** The time of day; an hour that comes twice, as when clocks go back, has two names. */
function name(slot, slots, time, zone) {
  const text = time(slot.start_time);
  const twice = slots.filter((other) => time(other.start_time) === text).length > 1;
  return twice ? timeIn(zone, true)(slot.start_time) : text;
}

/** A meeting that can be joined: when, what if there are several, and how many places are left. */
function meeting(slot, time) {
  const title = facts.meetings[slot.master_id ?? slot.event_id];
  const several = new Set(Object.values(facts.meetings)).size > 1;
  const places = slot.capacity === 1 ? "1 place left" : `${slot.capacity} places left`;
  return [
    make("span", {}, `${time(slot.start_time)} – ${time(slot.end_time)}`),
    several && title ? make("span", { class: "small" }, title) : null,
    make("span", { class: "small quiet" }, places),
  ];
}
