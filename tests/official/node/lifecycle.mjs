// The official Node SDK through a whole lifecycle. Takes what `nylas-bookings sandbox --json`
// prints, and times to book, as one JSON text; prints one line of JSON for each step.
import Nylas from "nylas";

const { url, api_key, client_id, grant_id, organizer_email, configurations, slots, hook } =
  JSON.parse(process.argv[2]);

const told = (step, value) => console.log(JSON.stringify({ step, value }));
const asking = (apiKey) => new Nylas({ apiKey, apiUri: url, timeout: 10 });

const nylas = asking(api_key);
const { scheduler } = nylas;
const guest = { name: "Zoë Ünal", email: "zoe@example.com" };
const of = (configurationId) => ({ configurationId });

async function publicBooking() {
  const queryParams = of(configurations.public);
  const range = { startTime: slots[0].startTime, endTime: slots[3].endTime };
  const offered = await scheduler.availability.get({ queryParams: { ...queryParams, ...range } });
  told("availability", offered.data.timeSlots);
  const requestBody = { ...slots[0], guest, additionalGuests: [], timezone: "Europe/Paris" };
  const booked = await scheduler.bookings.create({ requestBody, queryParams });
  told("created", booked);
  const { bookingId } = booked.data;
  told("found", (await scheduler.bookings.find({ bookingId, queryParams })).data);
  const moved = await scheduler.bookings.reschedule({
    bookingId,
    requestBody: slots[2],
    queryParams,
  });
  told("rescheduled", moved.data);
  told(
    "destroyed",
    await scheduler.bookings.destroy({
      bookingId,
      requestBody: { cancellationReason: "Ill" },
      queryParams,
    }),
  );
}

async function publicBookingBySlug() {
  const queryParams = { slug: "introduction", clientId: client_id };
  const booked = await scheduler.bookings.create({
    requestBody: { ...slots[4], guest },
    queryParams,
  });
  told("created by slug", booked.data);
}

async function privateBooking() {
  const session = await scheduler.sessions.create({
    requestBody: { configurationId: configurations.private, timeToLive: 10 },
  });
  const { sessionId } = session.data;
  const visitor = asking(sessionId).scheduler;
  const booked = await visitor.bookings.create({ requestBody: { ...slots[5], guest } });
  told("created with a session", booked.data);
  const { bookingId } = booked.data;
  told("found with a session", (await visitor.bookings.find({ bookingId })).data);
  told("session destroyed", await scheduler.sessions.destroy({ sessionId }));
}

async function decision(slot, status) {
  const queryParams = of(configurations.confirming);
  const booked = await scheduler.bookings.create({ requestBody: { ...slot, guest }, queryParams });
  told(`waiting to be ${status}`, booked.data);
  const salt = Buffer.from(booked.data.bookingRef, "base64url").subarray(32).toString("base64url");
  const decided = await scheduler.bookings.confirm({
    bookingId: booked.data.bookingId,
    requestBody: { status, salt },
    queryParams,
  });
  told(status, decided.data);
}

async function configuration() {
  const identifier = grant_id;
  const made = await scheduler.configurations.create({
    identifier,
    requestBody: {
      slug: "by-node",
      participants: [
        {
          email: organizer_email,
          isOrganizer: true,
          availability: { calendarIds: ["primary"] },
          booking: { calendarId: "primary" },
        },
      ],
      availability: { durationMinutes: 15 },
      eventBooking: { title: "By Node" },
      scheduler: { additionalFields: { shoe_size: { label: "Size", type: "text", required: true } } },
    },
  });
  told("configuration created", made.data);
  const at = { identifier, configurationId: made.data.id };
  const changes = { eventBooking: { title: "By Node again" } };
  await scheduler.configurations.update({ ...at, requestBody: changes });
  told("configuration found", (await scheduler.configurations.find(at)).data);
  const titles = [];
  for await (const page of scheduler.configurations.list({ identifier })) {
    titles.push(page.data.map((one) => one.eventBooking.title));
  }
  told("configurations listed", titles);
  told("configuration destroyed", await scheduler.configurations.destroy(at));
}

async function webhook() {
  const made = await nylas.webhooks.create({
    requestBody: { triggerTypes: ["booking.created"], webhookUrl: hook },
  });
  told("webhook created", made.data);
  const webhookId = made.data.id;
  const changes = { description: "For the office" };
  told("webhook updated", (await nylas.webhooks.update({ webhookId, requestBody: changes })).data);
  told("webhook found", (await nylas.webhooks.find({ webhookId })).data);
  told("secret rotated", (await nylas.webhooks.rotateSecret({ webhookId })).data);
  told("webhooks listed", (await nylas.webhooks.list()).data);
  told("webhook destroyed", await nylas.webhooks.destroy({ webhookId }));
}

async function calendar() {
  const calendars = await nylas.calendars.list({ identifier: grant_id });
  told("calendars", calendars.data);
  const events = await nylas.events.list({
    identifier: grant_id,
    queryParams: {
      calendarId: calendars.data[0].id,
      start: String(slots[4].startTime),
      end: String(slots[4].endTime),
      metadataPair: { key5: configurations.public },
    },
  });
  told("events", events.data);
}

await webhook();
await publicBooking();
await publicBookingBySlug();
await privateBooking();
await decision(slots[6], "confirmed");
await decision(slots[7], "cancelled");
await calendar();
await configuration();
