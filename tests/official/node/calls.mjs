// Calls of the official Node SDK, one for each line of JSON on stdin, answered with one line each:
// {"call": "scheduler.bookings.find", "with": {…}, "apiKey": "…", "apiUri": "…", "timeout": 10}
import { createInterface } from "node:readline";
import Nylas from "nylas";

async function made({ call, with: parameters, apiKey, apiUri, timeout }) {
  const nylas = new Nylas({ apiKey, apiUri, timeout });
  const path = call.split(".");
  const method = path.pop();
  const resource = path.reduce((found, name) => found[name], nylas);
  return resource[method](parameters);
}

function seen(error) {
  const { name, message, statusCode, type, requestId, headers } = error;
  return { kind: error.constructor.name, name, message, statusCode, type, requestId, headers };
}

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await made(JSON.parse(line)).then(
    (value) => ({ value }),
    (error) => ({ error: seen(error) }),
  );
  console.log(JSON.stringify(answer));
}
