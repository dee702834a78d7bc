// The organizer's page: who asks for which time, and yes or no.

import { confirm, decline, explained } from "./api.js";
import { lines } from "./fields.js";
import { end, particulars } from "./outcome.js";
import { complain, facts, find, make, say, whileBusy } from "./page.js";
import { detected } from "./zones.js";

const { booking } = facts;
const { guest } = booking;
const others = booking.additional_guests.map(({ email }) => `, ${email}`).join("");
const meeting = {
  title: facts.event_title, start: booking.start, end: booking.end, place: facts.location,
  zone: detected(), people: `${guest.name}, ${guest.email}${others}`,
  more: booking.answers.map(([label, answer]) => [label, [answer]]),
};
const yes = make("button", { class: "primary" }, "Confirm");
const no = make("button", { type: "button", class: "danger", click: () => whileBusy(no, refuse) }, "Decline");
const back = make("button", { type: "button", class: "plain", click: () => ask(false) }, "Back");
const reason = lines({ label: "Why do you decline?", required: false });

find("details").replaceChildren(
  make("h2", { id: "details-title", tabindex: "-1" }, `${guest.name} would like to meet`),
  particulars(meeting),
  reason.element,
  make("div", { class: "actions" }, yes, no, back),
);
find("details").addEventListener("submit", (event) => {
  event.preventDefault();
  whileBusy(yes, accept);
});
find("details").hidden = false;
ask(false);

async function accept() {
  await decided(confirm, "good", "The booking is confirmed", `${guest.name} has been told.`);
}

/** Ask for a reason, in place of yes or no. */
function ask(why) {
  reason.element.hidden = back.hidden = !why;
  yes.hidden = why;
  no.textContent = why ? "Decline the booking" : "Decline";
  if (why) reason.focus();
}

/** The first press asks for a reason, the second one declines. */
async function refuse() {
  if (reason.element.hidden) {
    ask(true);
    say("You may give a reason, then press Decline the booking");
    return;
  }
  await decided(() => decline(reason.answer()), "over", "The booking is declined",
    `${guest.name} has been told, and the time is free again.`);
}

async function decided(answer, mark, headline, text) {
  complain();
  try {
    await answer();
  } catch (error) {
    return complain(explained(error, "that was done"));
  }
  end({ mark, headline, text, details: particulars(meeting) });
}
