// The cancel page: what would be cancelled, why, done.

import { cancel, explained } from "./api.js";
import { lines } from "./fields.js";
import { end, particulars } from "./outcome.js";
import { complain, facts, find, make, whileBusy } from "./page.js";
import { detected } from "./zones.js";

const { booking } = facts;
const meeting = {
  title: facts.event_title, start: booking.start, end: booking.end, place: facts.location,
  zone: detected(), people: [booking.organizer.name, booking.guest.name].join(", "),
};
const reason = lines({ label: "Why do you cancel?", required: false });
const submit = make("button", { class: "danger" }, "Cancel the booking");
const policy = facts.cancellation_policy &&
  make("p", { class: "note" }, make("strong", {}, "Please note: "), facts.cancellation_policy);

find("details").replaceChildren(
  make("h2", { id: "details-title", tabindex: "-1" }, "Cancel this booking?"),
  particulars(meeting),
  ...(policy ? [policy] : []),
  reason.element,
  make("div", { class: "actions" }, submit),
);
find("details").addEventListener("submit", (event) => {
  event.preventDefault();
  whileBusy(submit, send);
});
find("details").hidden = false;

async function send() {
  complain();
  try {
    await cancel(reason.answer());
  } catch (error) {
    return complain(explained(error, "the booking was cancelled"));
  }
  end({
    mark: "over",
    headline: "The booking is cancelled",
    text: `${booking.organizer.name} has been told, and the time is free again.`,
    details: particulars(meeting),
    actions: [make("a", { class: "button", href: `/book/${facts.configuration_id}` }, "Book another time")],
  });
}
