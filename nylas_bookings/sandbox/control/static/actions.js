// What the buttons do.

import { change } from "./live.js";

const by = (id) => document.getElementById(id);
let saying;

/** Tell the result of something, for a while. */
export function say(message) {
  by("toast").textContent = message;
  by("toast").hidden = false;
  clearTimeout(saying);
  saying = setTimeout(() => { by("toast").hidden = true; }, 3000);
}

async function copy(text) {
  if (navigator.clipboard) await navigator.clipboard.writeText(text);
  else {
    // Not there when the page comes from another machine over http.
    const area = document.body.appendChild(document.createElement("textarea"));
    area.value = text;
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  say("Copied");
}

function close() {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
}

const numbers = ({ minutes = 0, hours = 0, days = 0 }) =>
  ({ minutes: Number(minutes), hours: Number(hours), days: Number(days) });

const ACTIONS = {
  skip: () => by("main").focus(),
  close,
  copy: ({ text }) => copy(text),
  advance: (by_) => change("POST", "clock/advance", numbers(by_)),
  "clear-faults": () => change("DELETE", "faults"),
  "remove-event": async ({ id }) => {
    await change("DELETE", `events/${encodeURIComponent(id)}`);
    close();
  },
  "ask-reset": () => by("reset").showModal(),
  reset: async () => {
    await change("POST", "reset");
    close();
    say("As new");
  },
};

/** Let the buttons work: `more` are the actions that need to know what is shown. */
export function buttons(more) {
  const actions = { ...ACTIONS, ...more };
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-do]");
    if (!button) return;
    try {
      await actions[button.dataset.do](button.dataset);
    } catch (problem) {
      say(problem.message);
    }
  });
}
