// What each section shows, made of what the sandbox tells.

import { chip, copyButton, described, empty, facts, h, table } from "./dom.js";
import * as times from "./times.js";

const number = (count, name) => h("li", {}, h("a", { class: "card tile", href: `#${name[0]}` },
  h("strong", {}, String(count)), h("span", { class: "quiet" }, name[1])));

export const tiles = ({ state: { counts } }) => h("ul", { class: "tiles" },
  number(counts.bookings, ["bookings", "bookings"]),
  number(counts.events, ["calendars", "events"]),
  number(counts.outbox, ["mails", "mails"]),
  number(counts.deliveries, ["webhooks", "deliveries"]),
  number(counts.requests, ["requests", "requests"]));

export function connect({ state }) {
  const value = (text, what) => h("span", { class: "value" }, h("code", {}, text),
    copyButton(text, what));
  const sample = `AsyncClient(
  PublicConfiguration("${state.configurations.public}"),
  api_url="${state.url}",
)`;
  return [facts([
    ["URL", value(state.url, "URL")],
    ["API key", value(state.api_key, "API key")],
    ["Client id", value(state.client_id, "client id")],
    ["Grant", value(state.grant_id, "grant id")],
    ["Organizer", value(state.organizer_email, "address of the organizer")],
  ]), h("div", { class: "sample" },
    h("p", { class: "quiet small" }, "Python", copyButton(sample, "sample")),
    h("pre", { tabindex: "0", "aria-label": "How a client connects" }, sample))];
}

export const configurations = ({ configurations: made }) => h("ul", { class: "rows" },
  made.map((one) => h("li", { "data-key": one.id },
    h("div", { class: "what" },
      h("h3", {}, h("a", { href: `/book/${encodeURIComponent(one.id)}`, target: "_blank",
        rel: "noopener" }, one.name || one.slug || "Untitled")),
      h("span", { class: "value" }, h("code", {}, one.id),
        copyButton(one.id, `id of ${one.name}`))),
    h("p", { class: "chips" }, kinds(one)))));

function kinds(one) {
  const event = one.event_booking ?? one.group_booking ?? {};
  return [
    one.requires_session_auth ? chip("private", "warn") : chip("public", "good"),
    event.booking_type === "organizer-confirmation" && chip("to be confirmed"),
    one.group_booking && chip("group"),
  ];
}

export function feed(shown) {
  if (!shown) return null;
  const { pathname } = new URL(shown.feed);
  return [h("a", { class: "button slim", href: pathname }, "ICS feed"),
    copyButton(new URL(pathname, window.location).href, "address of the feed")];
}

export function faults({ faults: waiting }) {
  if (!waiting.length) return empty("Everything goes well.");
  return [table("Faults that are waiting", ["Operation", "What happens", "How often"],
    waiting.map(({ operation, fault, times: left, probability }, index) => [
      `fault-${index}`,
      operation === "*" ? "every operation" : operation,
      happens(fault),
      [left === null ? "always" : `${left}×`, probability < 1 && `, at ${Math.round(probability * 100)}\u00a0%`],
    ])),
  h("button", { type: "button", class: "slim", "data-do": "clear-faults" }, "Clear all")];
}

const happens = ({ kind, code, retry_after: wait, seconds }) => ({
  status: `status ${code}${wait === null ? "" : `, Retry-After\u00a0${wait}`}`,
  latency: `answers ${seconds} s late`,
  drop_before: "closed, nothing done",
  drop_after: "done, answer lost",
  drop_then_book: `closed, done ${seconds} s later`,
  truncate: "done, half an answer",
  garbage: "done, answers HTML",
})[kind];

export function event(found, state) {
  if (!found) {
    return [h("h2", {}, "No such event"),
      h("p", {}, "It may have been cancelled, or the sandbox has been reset."), closing()];
  }
  const { start_time: start, end_time: end } = found.when;
  return [h("h2", {}, found.title || "(no title)"),
    h("p", { class: "quiet" }, times.span(start, end), ` (${times.chosen()})`),
    facts([
      ["Status", found.status === "maybe" ? chip("tentative", "warn") : chip(found.status, "good")],
      ["Location", found.location],
      ["Organizer", found.organizer?.email],
      ["Repeats", (found.recurrence ?? []).join(", ")],
      ["Places", found.capacity && String(found.capacity)],
      ["Description", found.description
        && h("div", { class: "letter" }, described(found.description, state.url))],
    ]), attending(found.participants ?? []),
    h("details", {}, h("summary", {}, "As the API tells it"),
      h("pre", { tabindex: "0", "aria-label": "JSON" }, JSON.stringify(found, null, 2))),
    closing(found)];
}

const attending = (list) => list.length > 0 && [h("h3", {}, "Participants"),
  h("ul", { class: "people" }, list.map(({ name, email, status }) =>
    h("li", {}, name ? `${name} ` : "", h("span", { class: "quiet" }, email),
      status && status !== "noreply" && chip(status))))];

const closing = (found) => {
  const added = found && !found.metadata && !found.capacity && !found.master_event_id;
  return h("div", { class: "group end" },
    added && h("button", { type: "button", class: "danger slim", "data-do": "remove-event",
      "data-id": found.id }, "Remove"),
    h("button", { type: "button", class: "slim", "data-do": "close" }, "Close"));
};
