// The booking page: choose a time, tell who comes, done.

import { Refused, book, explained } from "./api.js";
import { chooser } from "./chooser.js";
import { questions } from "./form.js";
import { end, particulars, ways } from "./outcome.js";
import { complain, facts, find, make, now, turnTo, whileBusy } from "./page.js";
import { spanIn, timeIn } from "./times.js";

const form = questions();
const summary = make("p", { class: "summary" });
const submit = make("button", { class: "primary" }, facts.pending ? "Send request" : "Book");
const back = make("button", { type: "button", class: "plain", click: () => history.back() }, "Change time");
let chosen = null;

find("details").replaceChildren(
  make("h2", { id: "details-title", tabindex: "-1" }, "Your details"),
  make("div", { class: "current" }, summary, back),
  ...form.elements.filter(Boolean),
  make("div", { class: "actions" }, submit),
);
find("details").addEventListener("submit", (event) => {
  event.preventDefault();
  whileBusy(submit, send);
});

const times = chooser((slot, zone) => {
  chosen = { slot, zone };
  const [day, span] = spanIn(zone, slot.start_time, slot.end_time);
  summary.replaceChildren(make("strong", {}, day), span);
  complain();
  history.pushState("details", "");
  turnTo("details");
});

// The browser's own way back leads from the form to the times, and what was typed stays.
addEventListener("popstate", () => {
  if (!find("done").hidden) return;
  turnTo(history.state === "details" && chosen ? "details" : "choose");
});

async function send() {
  complain();
  const answers = form.read();
  if (!answers) return;
  const { slot, zone } = chosen;
  try {
    finish(await book(slot, { ...answers, timezone: zone }), answers);
  } catch (error) {
    if (error.isTaken) await offerOthers();
    else if (!(error instanceof Refused && form.blame(error.message))) {
      complain(explained(error, "you are booked"));
    }
  }
}

/** Somebody was faster: back to the times, which are asked for anew. */
async function offerOthers() {
  const gone = timeIn(chosen.zone)(chosen.slot.start_time);
  chosen = null;
  history.replaceState(null, "");
  await times.refresh();
  turnTo("choose");
  complain(`${gone} was taken by somebody else just now. Please choose another time; what you typed is kept.`);
}

function finish(booking, answers) {
  const { slot, zone } = chosen;
  const meeting = {
    id: `${booking.event_id ?? booking.booking_id}@sandbox`,
    title: facts.group ? booking.title : facts.event_title,
    description: booking.description ?? facts.description,
    place: booking.location || facts.location,
    start: slot.start_time, end: slot.end_time, now: now(), pending: facts.pending,
  };
  history.replaceState(null, "");
  if (redirected(booking, answers, zone)) return;
  const others = answers.additional_guests.map((guest) => guest.email);
  const people = [booking.organizer?.name ?? facts.hosts[0], answers.guest.name, ...others].join(", ");
  end({
    mark: facts.pending ? "waiting" : "good",
    headline: facts.pending ? "Your request is sent" : "You are booked",
    text: facts.pending
      ? `The host has to confirm it. We will write to ${answers.guest.email} as soon as that is decided.`
      : `An e-mail is on its way to ${answers.guest.email}.`,
    details: particulars({ ...meeting, zone, people }),
    actions: ways(meeting, booking.booking_ref),
  });
}

/** Go where the configuration sends visitors afterwards, and tell that page what was booked. */
function redirected(booking, answers, zone) {
  if (!/^https?:/i.test(facts.confirmation_redirect_url)) return false;
  const url = new URL(facts.confirmation_redirect_url);
  const told = {
    booking_id: booking.booking_id, name: answers.guest.name, email: answers.guest.email,
    start_time: chosen.slot.start_time, end_time: chosen.slot.end_time, tz: zone, language: "en",
    additional_values: JSON.stringify(answers.additional_fields), page_slug: facts.page_slug,
    config_id: facts.configuration_id, location: booking.location, booking_ref: booking.booking_ref,
  };
  for (const [name, value] of Object.entries(told)) if (value) url.searchParams.append(name, value);
  location.assign(url);
  return true;
}
