// What happened, as lists: bookings, mails, deliveries, requests.

import { chip, copyButton, empty, facts, h, linked, table } from "./dom.js";
import * as times from "./times.js";

/** How many of each are asked for; the page stays quick whatever has happened. */
export const SHOWN = 200;

const STATES = {
  booked: "good", pending: "warn", cancelled: "quiet",
  delivered: "good", sent: "good", waiting: "warn", sending: "warn", "given up": "bad",
};

const person = ({ name, email }) => (name && name !== email ? `${name} <${email}>` : email);
const people = (list) => (list ?? []).map(person).join(", ");
const state = (name) => chip(name, STATES[name] ?? "");
const code = (text) => h("code", {}, text);
const id = (text, what) => [code(text), " ", copyButton(text, what)];
const latestFirst = (list) => [...list].reverse();

const rest = (count, total) => total > count
  && h("p", { class: "quiet small" }, `The latest ${count} of ${total}.`);

function entry(key, summary, ...inside) {
  return h("li", { "data-key": key, class: "card" },
    h("details", { class: "entry" }, h("summary", {}, summary), h("div", { class: "inside" }, inside)));
}

const list = (entries) => h("ul", { class: "entries" }, entries);

export function bookings({ bookings: made, configurations, state: { counts } }) {
  if (!made.length) {
    return empty("Nobody has booked anything yet. ", h("a", { href: "#overview" }, "Booking pages"));
  }
  const names = new Map(configurations.map((one) => [one.id, one.name]));
  return [rest(made.length, counts.bookings),
    list(latestFirst(made).map((booking) => one(booking, names)))];
}

function one(booking, names) {
  const { document, status } = booking;
  const named = names.get(booking.configuration_id) ?? "a configuration that is gone";
  return entry(booking.id, [
    state(status),
    h("span", { class: "what" }, h("strong", {}, document.guest.name), ` · ${document.title}`),
    h("span", { class: "quiet" }, times.span(booking.start, booking.end)),
  ], links(booking), facts([
    ["Guest", person(document.guest)],
    ["More guests", people(document.additional_guests)],
    ...Object.entries(document.additional_fields ?? {}).map(([name, value]) => [name, value]),
    ["Hosts", people(document.hosts)],
    ["Configuration", named],
    ["Booking id", id(booking.id, "booking id")],
    ["Reference", id(booking.booking_ref, "booking reference")],
    ["Event", status !== "cancelled"
      && h("a", { href: `#events/${encodeURIComponent(booking.event_id)}` }, booking.event_id)],
  ]), h("h2", {}, "History"), h("ol", { class: "history" }, booking.history.map(became)));
}

function links({ status, booking_ref: reference, salt }) {
  if (status === "cancelled") return null;
  const to = (page, text, kind = "") => h("a", { class: `button slim ${kind}`, target: "_blank",
    rel: "noopener", href: `/book/${page}?ref=${encodeURIComponent(reference)}` }, text);
  return h("p", { class: "group" },
    status === "pending" && salt && to("confirm", "Confirm or decline", "primary"),
    to("reschedule", "Reschedule"), to("cancel", "Cancel"));
}

function became({ at, what, start, end, cancellation_reason: reason }) {
  const moved = what === "created" || what === "rescheduled";
  return h("li", {}, h("span", { class: "quiet" }, times.exact(at)), " ", h("strong", {}, what),
    moved && start && ` for ${times.span(start, end)}`, reason && `: ${reason}`);
}

export function mails({ outbox, state: { counts, url } }) {
  if (!outbox.length) return empty("No mail has been sent. A booking sends the first ones.");
  return [rest(outbox.length, counts.outbox), list(latestFirst(outbox).map((mail) => entry(
    `mail-${mail.id}`, [
      mail.state !== "kept" && state(mail.state),
      h("span", { class: "what" }, h("strong", {}, mail.subject), ` · to ${mail.recipient}`),
      h("span", { class: "quiet" }, times.exact(mail.at)),
    ], facts([
      ["Kind", code(mail.kind)],
      ["Booking", mail.booking_id && code(mail.booking_id)],
      ["Last attempt", mail.failure],
    ]),
    h("div", { class: "letter" }, linked(mail.body.trim() || "(no text)", url)))))];
}

export function webhooks({ deliveries, state: { counts } }) {
  if (!deliveries.length) {
    return empty("Nothing was to be delivered. Subscribe with ", code("POST /v3/webhooks"),
      ", and then book.");
  }
  return [rest(deliveries.length, counts.deliveries),
    list(latestFirst(deliveries).map((delivery) => entry(`delivery-${delivery.id}`, [
      state(delivery.state),
      h("span", { class: "what" }, h("strong", {}, delivery.document.type),
        ` · ${attempts(delivery.attempt)}`),
      h("span", { class: "quiet" }, times.exact(delivery.document.time)),
    ], facts([
      ["To", delivery.webhook_url],
      ["Subscription", id(delivery.webhook_id, "webhook id")],
      ["Notification", id(delivery.notification_id, "notification id")],
      ["Next attempt", delivery.due && times.exact(delivery.due)],
    ]), tries(delivery.attempts),
    h("h2", {}, "Notification"), h("pre", { tabindex: "0", "aria-label": "Notification" },
      JSON.stringify(delivery.document, null, 2)))))];
}

const attempts = (count) =>
  ["no attempt yet", "1 attempt"][count] ?? `${count} attempts`;

const tries = (list) => list?.length > 0 && [h("h2", {}, "Attempts"),
  table("Attempts", ["Time", "Answer", "Took"], list.map((one) => [
    `${one.number}`, times.exact(one.at), one.answer, `${Math.round(one.elapsed * 1000)} ms`]))];

export function requests({ requests: seen, state: { counts } }) {
  if (!seen.length) return empty("No request has come in yet.");
  return [rest(seen.length, counts.requests), h("div", { class: "card wide" }, table(
    "Requests, the latest first", ["Time", "Request", "Operation", "Status", "Request id"],
    latestFirst(seen).map((one) => [
      one.request_id,
      times.exact(one.at),
      [h("span", { class: `method ${one.method.toLowerCase()}` }, one.method), " ",
        h("code", { class: "path" }, one.path), sent(one)],
      one.operation ?? "–",
      status(one.status),
      [h("code", { class: "id", title: one.request_id }, one.request_id.slice(0, 8)), " ",
        copyButton(one.request_id, "request id")],
    ])))];
}

/** What a request said besides its path. */
function sent({ query, body, cut }) {
  const asked = Object.entries(query);
  const has = [asked.length && "query", body !== null && "body"].filter(Boolean).join(" and ");
  if (!has) return null;
  return h("details", { class: "sent" }, h("summary", {}, `What was sent: ${has}`),
    facts(asked.map(([name, value]) => [name, code(value || "(empty)")])),
    body !== null && h("pre", { tabindex: "0", "aria-label": "Body" },
      typeof body === "string" ? body : JSON.stringify(body, null, 2)),
    cut && h("p", { class: "quiet small" }, "There was more, which is not kept."));
}

const status = (number) => {
  if (number === null) return chip("dropped", "bad");
  return chip(String(number), number < 400 ? "good" : number < 500 ? "warn" : "bad");
};
