// Forms: what was typed becomes JSON, and a refusal is shown where it was typed.

import { change } from "./live.js";
import * as times from "./times.js";

/** What a form says: nothing of what was left empty, numbers as numbers, times as moments. */
export function said(form) {
  const found = {};
  for (const input of form.elements) {
    if (!input.name || input.disabled || input.value === "") continue;
    if (input.type === "number") found[input.name] = Number(input.value);
    else if (input.type === "datetime-local") found[input.name] = times.typed(input.value);
    else found[input.name] = input.value;
  }
  return found;
}

export function complain(form, message) {
  const alert = form.querySelector("[role=alert]");
  alert.textContent = message;
  alert.hidden = !message;
}

/** Send a form whenever it is submitted; `more` adds to it, `done` hears that it worked. */
export function sends(form, more, done) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await change("POST", form.dataset.to, { ...said(form), ...more(form) });
    } catch (problem) {
      complain(form, problem.message);
      return;
    }
    complain(form, "");
    form.reset();
    form.dispatchEvent(new Event("change"));
    done(form.dataset.done);
  });
}

/** Show only the inputs that the chosen kind of fault has. */
export function suited(form) {
  const { kind } = form.elements;
  for (const label of form.querySelectorAll("[data-for]")) {
    const fits = label.dataset.for.split(" ").includes(kind.value);
    label.hidden = !fits;
    label.querySelector("input").disabled = !fits;
  }
}

/** Switches show what is, unless somebody is about to change one. */
export function switched(form, behaviour) {
  for (const [name, value] of Object.entries(behaviour)) {
    const input = form.elements[name];
    if (!input) continue;
    if (input === document.activeElement && input.type === "number") continue;
    if (input.type === "checkbox") input.checked = value;
    else input.value = value ?? "";
  }
}

export async function switches(input) {
  const value = input.type === "checkbox" ? input.checked : input.value;
  const plain = input.type === "number" && value !== "" ? Number(value) : value;
  await change("PATCH", "behaviour", { [input.name]: plain === "" ? null : plain });
}
