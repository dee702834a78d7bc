// How it ended: a headline, the facts of the meeting, and what can be done next.

import { facts, find, make, turnTo } from "./page.js";
import { calendarFile } from "./ics.js";
import { spanIn } from "./times.js";

/** The facts of a meeting as a list of terms; those that are empty are left out. */
export function particulars({ title, start, end, zone, people, place, more = [] }) {
  const [day, times] = spanIn(zone, start, end);
  const when = [make("span", {}, day), make("span", {}, times)];
  const rows = [["What", [title]], ["When", when], ["Who", [people]], ["Where", place ? [place] : null], ...more];
  const shown = rows.filter(([, content]) => content);
  return make("dl", {}, ...shown.map(([term, content]) =>
    make("div", {}, make("dt", { class: "quiet" }, term), make("dd", {}, ...content))));
}

/** Show the end. */
export function end({ mark = "good", headline, text, details, actions = [] }) {
  find("done").replaceChildren(
    make("span", { class: `mark ${mark}`, "aria-hidden": "true" }),
    make("h2", { id: "done-title", tabindex: "-1" }, headline),
    make("p", {}, text),
    ...(details ? [details] : []),
    make("div", { class: "actions" }, ...actions),
  );
  turnTo("done");
}

/** What a guest can do with a booking: keep it, move it, cancel it. */
export function ways(meeting, reference) {
  const found = [make("a", { class: "button", href: calendarFile(meeting), download: "meeting.ics" }, "Add to calendar")];
  if (reference && !facts.hide_rescheduling_options) found.push(link("Reschedule", facts.rescheduling_url, reference));
  if (reference && !facts.hide_cancellation_options) found.push(link("Cancel", facts.cancellation_url, reference));
  return found;
}

const link = (text, address, reference) =>
  make("a", { class: "button plain", href: address.replace(":booking_ref", encodeURIComponent(reference)) }, text);
