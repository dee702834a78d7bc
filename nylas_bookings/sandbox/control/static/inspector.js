// The inspector: one section at a time, kept as the sandbox is.

import { buttons, say } from "./actions.js";
import { choices, fill } from "./dom.js";
import * as forms from "./forms.js";
import * as lists from "./lists.js";
import { change, follow, Lost, read } from "./live.js";
import * as times from "./times.js";
import * as views from "./views.js";
import { week } from "./week.js";

const TRIGGERS = ["booking.created", "booking.pending", "booking.rescheduled", "booking.cancelled",
  "booking.reminder"];
const NEEDED = {
  overview: ["configurations"],
  calendars: ["grants"],
  bookings: ["bookings", "configurations"],
  mails: ["outbox"],
  webhooks: ["deliveries"],
  requests: ["requests"],
  faults: ["faults"],
  behaviour: [],
};
const YEAR = 366 * 86400;
const LONG = ["bookings", "outbox", "deliveries", "requests"];

const by = (id) => document.getElementById(id);
const view = (name) => document.querySelector(`[data-view=${name}]`);
const known = {};
let weeks = null; // from this one; that of the next event, until something is there to be shown
let heardAt = 0;

const place = () => window.location.hash.slice(1).split("/");
const section = () => {
  const [name] = place();
  if (name === "events") return "calendars";
  return Object.hasOwn(NEEDED, name) ? name : "overview";
};
const now = () => {
  const { now: told, frozen } = known.state.clock;
  return frozen ? told : told + (performance.now() - heardAt) / 1000;
};

// One after the other, so that nothing older is shown instead of something newer.
let turn = Promise.resolve();
const inTurn = (work) => {
  const done = turn.then(work);
  turn = done.catch(() => {});
  return done;
};
const refresh = () => inTurn(load);

async function load() {
  const name = section();
  const wanted = ["state", "faults", ...NEEDED[name]];
  const found = await Promise.all(wanted.map((one) =>
    read(LONG.includes(one) ? `${one}?limit=${lists.SHOWN}` : one)));
  const before = known.state?.counts;
  wanted.forEach((one, index) => { known[one] = found[index]; });
  heardAt = performance.now();
  tell(before, known.state.counts);
  frame();
  // Whoever went elsewhere meanwhile is served next, with what is needed there.
  if (section() === name) await show();
}

/** Say aloud what is new. */
function tell(before, after) {
  if (!before) return;
  const news = [["bookings", "booking"], ["outbox", "mail"], ["deliveries", "delivery"]]
    .filter(([name]) => after[name] > before[name])
    .map(([name, word]) => `${after[name] - before[name]} new ${word}`);
  if (news.length) by("news").textContent = news.join(", ");
}

/** What is around the sections: counts, clock, zones. */
function frame() {
  const { state, faults } = known;
  const counts = { ...state.counts, faults: faults.length };
  for (const badge of document.querySelectorAll("[data-count]")) {
    badge.textContent = counts[badge.dataset.count] || "";
  }
  by("frozen").hidden = !state.clock.frozen;
  by("freeze").textContent = state.clock.frozen ? "Resume" : "Freeze";
  choices(by("operation"), [["*", "every operation"], ...state.operations.map((one) => [one, one])],
    by("operation").value || "bookings.create");
  if (section() === "behaviour") forms.switched(by("switches"), state.behaviour);
  tick();
}

function tick() {
  if (!known.state) return;
  by("now").textContent = times.full(now());
  by("now").dateTime = new Date(now() * 1000).toISOString();
}

async function show() {
  const name = section();
  if (name === "overview") {
    fill(view("tiles"), views.tiles(known));
    fill(view("connect"), views.connect(known));
    fill(view("configurations"), views.configurations(known));
  } else if (name === "calendars") await calendars();
  else if (name === "faults") fill(view("faults"), views.faults(known));
  else if (name !== "behaviour") fill(view(name), lists[name](known));
}

/** The calendar that is chosen, and the week of it that is looked at. */
async function calendars() {
  const all = known.grants.flatMap((host) => host.calendars.map((one) => ({ ...one, host })));
  choices(by("calendar"), all.map((one) => [one.feed,
    one.is_primary ? `${one.host.name} (${one.host.email})` : `${one.host.name}: ${one.name}`]));
  zones(all);
  const chosen = all.find((one) => one.feed === by("calendar").value);
  known.calendar = chosen;
  fill(view("feed"), views.feed(chosen));
  weeks ??= await nextWeek(chosen);
  const days = times.week(now(), weeks ?? 0);
  fill(view("week"), week(days, await between(chosen, days[0], days[7]), now()));
  await event();
}

/** The events of a calendar that touch a time. */
const between = ({ grant_id, id }, start, end) => read(`events?${new URLSearchParams({
  grant_id, calendar_id: id, start: Math.floor(start), end: Math.floor(end), expand: "true" })}`);

/** How many weeks it is until there is something to be seen: on a weekend, this one may be over. */
async function nextWeek(calendar) {
  const [today, , , , , , , monday] = times.week(now(), 0);
  if ((await between(calendar, today, monday)).length) return 0;
  const later = await between(calendar, monday, monday + YEAR);
  if (!later.length) return null;
  const next = Math.min(...later.map((event) => event.when.start_time));
  let count = 1;
  while (times.week(now(), count)[7] <= next) count += 1;
  return count;
}

/** The event that the address names, in front of everything else. */
async function event() {
  const [name, id] = place();
  const dialog = by("event");
  if (name !== "events") {
    dialog.close();
    return;
  }
  const whole = decodeURIComponent(id ?? "");
  const found = [...await one(whole), ...await one(whole.replace(/_\d{8}T\d{6}Z$/, ""))];
  fill(dialog, views.event(found[0], known.state));
  if (!dialog.open) dialog.showModal();
}

const one = (id) => read(`events?${new URLSearchParams({ id })}`);

function zones(calendars) {
  const names = new Set(["UTC", times.own(), times.chosen(), ...calendars.map((c) => c.timezone)]);
  choices(by("zone"), [...names].map((name) => [name, name.replaceAll("_", " ")]), times.chosen());
}

function go() {
  const name = section();
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${name}`) {
      link.setAttribute("aria-current", "page");
      link.closest("nav").scrollLeft = link.offsetLeft - 48;
      document.title = `${link.firstChild.data.trim()} · Sandbox`;
    } else link.removeAttribute("aria-current");
  }
  for (const one of document.querySelectorAll("main > section")) one.hidden = one.id !== name;
}

function connected(live) {
  document.body.classList.toggle("lost", !live);
  const words = live ? "Live" : "Connection lost. Trying again…";
  if (by("live").textContent !== words) by("live").textContent = words;
}

/** Show another section or week, or another zone; what is not known yet is asked for. */
async function again() {
  try {
    await refresh();
  } catch (problem) {
    if (!(problem instanceof Lost)) throw problem; // of a lost connection `follow` tells
  }
}

function listen() {
  buttons({
    week: ({ by: step }) => {
      weeks = Number(step) === 0 ? 0 : (weeks ?? 0) + Number(step);
      return again();
    },
    freeze: () => change("POST", known.state?.clock.frozen ? "clock/resume" : "clock/freeze"),
  });
  window.addEventListener("hashchange", async () => {
    if (place()[0] !== "events") by("event").close();
    go();
    await again();
    if (place()[0] !== "events") by(`${section()}-title`).focus();
  });
  by("event").addEventListener("close", () => {
    if (place()[0] === "events") window.location.hash = "#calendars";
  });
  by("zone").addEventListener("change", () => {
    times.choose(by("zone").value);
    localStorage.setItem("zone", times.chosen());
    again();
  });
  by("calendar").addEventListener("change", () => again());
  by("fault").addEventListener("change", () => forms.suited(by("fault")));
  by("switches").addEventListener("change", async ({ target }) => {
    try {
      await forms.switches(target);
      forms.complain(by("switches"), "");
    } catch (problem) {
      forms.complain(by("switches"), problem.message);
    }
  });
  for (const form of document.querySelectorAll("form[data-to]")) forms.sends(form, more, say);
}

/** What a form says besides what is typed into it. */
function more(form) {
  if (form.id === "fault") return form.elements.times.value === "" ? { times: null } : {};
  if (form.dataset.to !== "events") return {};
  return { host: known.calendar.grant_id, calendar_id: known.calendar.id };
}

function start() {
  times.choose(localStorage.getItem("zone") ?? times.own());
  zones([]);
  for (const select of document.querySelectorAll("[data-triggers]")) {
    choices(select, [["", "nothing"], ...TRIGGERS.map((name) => [name, name])]);
  }
  const all = Intl.supportedValuesOf?.("timeZone") ?? [];
  fill(by("zones"), all.map((value) => new Option("", value)));
  listen();
  go();
  setInterval(tick, 1000);
  follow(refresh, connected);
}

start();
