// The Scheduler API, asked as everybody asks it.

import { facts } from "./page.js";

/** The API said no: nothing was changed. */
export class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }

  get isTaken() {
    return /selected timeslot is unavailable|event is full/i.test(this.message);
  }
}

/** No answer that can be read: what was asked may have been done, or not. */
export class Unanswered extends Error {}

const COUNTED = [429, 503];

async function ask(method, path, query = {}, body = undefined) {
  const headers = { "Content-Type": "application/json" };
  if (facts.session) headers.Authorization = `Bearer ${facts.session}`;
  else query = { configuration_id: facts.configuration_id, ...query };
  const url = `/v3/scheduling/${path}?${new URLSearchParams(query)}`;
  let response, told;
  try {
    response = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
    told = response.status === 204 ? {} : await response.json();
  } catch {
    if (response && COUNTED.includes(response.status)) throw new Refused("", response.status);
    throw new Unanswered();
  }
  if (response.ok && !told.error) return told.data;
  if (response.status >= 500) throw new Unanswered();
  throw new Refused(told.error?.message ?? "", response.status);
}

/** The slots from one moment to another, and whose turn it is, where hosts take turns. */
export async function slots(start, end) {
  const query = { start_time: Math.floor(start), end_time: Math.floor(end) };
  if (facts.booking) query.booking_id = facts.booking.id;
  const { order, time_slots } = await ask("GET", "availability", query);
  return (time_slots ?? []).map((slot) => ({ ...slot, order }));
}

const times = ({ start_time, end_time }) => ({ start_time, end_time });

const ofGroup = ({ event_id, master_id, calendar_id }) =>
  event_id ? { event_id, master_id, calendar_id } : {};

/** Book a slot; where hosts take turns, with the first of them who is still free. */
export async function book(slot, form) {
  const body = { ...times(slot), ...ofGroup(slot), ...form, email_language: "en" };
  const hosts = slot.order?.filter((host) => slot.emails.includes(host)) ?? [];
  for (const host of hosts.slice(0, -1)) {
    try {
      return await ask("POST", "bookings", {}, { ...body, participants: [{ email: host }] });
    } catch (error) {
      if (!error.isTaken) throw error;
    }
  }
  const last = hosts.length ? { participants: [{ email: hosts.at(-1) }] } : {};
  return ask("POST", "bookings", {}, { ...body, ...last });
}

const booking = () => `bookings/${encodeURIComponent(facts.booking.id)}`;

export const reschedule = (slot) =>
  ask("PATCH", booking(), {}, {
    ...times(slot), ...ofGroup(slot), ...(slot.master_id && { master_event_id: slot.master_id }),
  });

export const cancel = (reason) =>
  ask("DELETE", booking(), {}, reason ? { cancellation_reason: reason } : {});

export const confirm = () =>
  ask("PUT", booking(), {}, { status: "confirmed", salt: facts.salt });

export const decline = (reason) =>
  ask("PUT", booking(), {}, {
    status: "cancelled", salt: facts.salt, ...(reason && { cancellation_reason: reason }),
  });

/** What a visitor can make of an error. */
export function explained(error, undone) {
  if (error instanceof Unanswered) {
    return `No answer came, so we cannot tell whether ${undone}. Look into your e-mail before you try again.`;
  }
  if (!(error instanceof Refused)) throw error;
  if (COUNTED.includes(error.status)) return "Too much is going on just now. Please try again in a moment.";
  if (error.status === 401) return "Your session has ended. Please open this page anew.";
  if (error.status === 404) return "This is no longer here. Please open the link in the latest e-mail.";
  return `That was refused: ${error.message}.`;
}
