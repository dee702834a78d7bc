// The reschedule page: choose another time, agree, done.

import { explained, reschedule } from "./api.js";
import { chooser } from "./chooser.js";
import { end, particulars, ways } from "./outcome.js";
import { complain, facts, find, make, now, turnTo, whileBusy } from "./page.js";
import { spanIn } from "./times.js";
import { detected } from "./zones.js";

const { booking } = facts;
let chosen = null;

const before = make("dd");
const after = make("dd", { class: "new" });
const submit = make("button", { class: "primary" }, "Move the booking");
const back = make("button", { type: "button", class: "plain", click: () => turnTo("choose") }, "Change time");

find("details").replaceChildren(
  make("h2", { id: "details-title", tabindex: "-1" }, "Move to this time?"),
  make("dl", {},
    make("div", {}, make("dt", { class: "quiet" }, "Until now"), before),
    make("div", {}, make("dt", { class: "quiet" }, "New"), after)),
  make("div", { class: "actions" }, submit, back),
);
find("choose").prepend(make("p", { class: "current" },
  make("span", {}, "Booked for ", make("strong", {}, spanIn(detected(), booking.start, booking.end).join(", ")))));

find("details").addEventListener("submit", (event) => {
  event.preventDefault();
  whileBusy(submit, send);
});

const when = (...span) => spanIn(...span).map((text) => make("span", {}, text));

const times = chooser((slot, zone) => {
  chosen = { slot, zone };
  before.replaceChildren(...when(zone, booking.start, booking.end));
  after.replaceChildren(...when(zone, slot.start_time, slot.end_time));
  complain();
  turnTo("details");
});

async function send() {
  complain();
  try {
    finish(await reschedule(chosen.slot));
  } catch (error) {
    if (!error.isTaken) return complain(explained(error, "the booking was moved"));
    await times.refresh();
    turnTo("choose");
    complain("That time was taken by somebody else just now. Please choose another one.");
  }
}

function finish(moved) {
  const { slot, zone } = chosen;
  const meeting = {
    id: `${moved?.event_id ?? booking.event_id}@sandbox`, title: facts.event_title,
    description: facts.description, place: facts.location, start: slot.start_time,
    end: slot.end_time, now: now(), pending: booking.pending,
  };
  end({
    mark: booking.pending ? "waiting" : "good",
    headline: "Your booking is moved",
    text: booking.pending
      ? "The host still has to confirm it."
      : `An e-mail with the new time is on its way to ${booking.guest.email}.`,
    details: particulars({ ...meeting, zone, people: [booking.organizer.name, booking.guest.name].join(", ") }),
    actions: ways(meeting, moved?.booking_ref ?? booking.ref),
  });
}
