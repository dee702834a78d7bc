// Talking with the sandbox: reading, changing, and hearing of every change.

const AGAIN_AFTER = 1500;
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Nobody answered, or not to the end. */
export class Lost extends Error {}

async function asked(path, options) {
  let response;
  let data;
  try {
    response = await fetch(path, options);
    data = await response.json();
  } catch {
    throw new Lost("The sandbox does not answer.");
  }
  if (!response.ok) throw new Error(data.error?.message ?? `status ${response.status}`);
  return data;
}

export const read = (path) => asked(path, { cache: "no-store" });

export function change(method, path, body = {}) {
  const headers = { "Content-Type": "application/json" };
  return asked(path, { method, headers, body: JSON.stringify(body) });
}

/** Call for each change, and say whenever the connection is lost or there again. */
export async function follow(changed, connected) {
  let number = 0;
  for (;;) {
    try {
      const next = (await read(`changes?after=${number}`)).number;
      if (next !== number) await changed();
      number = next;
      connected(true);
    } catch (problem) {
      if (!(problem instanceof Lost)) console.error(problem);
      number = 0;
      connected(false);
      await pause(AGAIN_AFTER);
    }
    await pause(100);
  }
}
