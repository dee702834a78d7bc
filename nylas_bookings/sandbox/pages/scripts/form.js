// The form of the booking page: who comes, who else, and the questions of the configuration.

import { additional, line } from "./fields.js";
import { facts, make, say } from "./page.js";

const MISTAKE = /^Additional field '(.*)' (.*)$/s;

/** The fields of the form; `read()` gives what the API wants, or null when something is to be mended. */
export function questions() {
  const name = line({ label: "Your name", required: true, complete: "name" });
  const email = line({ label: "Your e-mail", type: "email", required: true, complete: "email" });
  const further = facts.fields.map(additional);
  const guests = facts.hide_additional_guests ? null : companions();

  const all = () => [name, email, ...(guests?.fields() ?? []), ...further];

  function read() {
    const wrong = all().filter((field) => !field.isFine());
    if (wrong.length) {
      wrong[0].focus();
      say(wrong.length === 1 ? "One answer is to be mended" : `${wrong.length} answers are to be mended`);
      return null;
    }
    return {
      guest: { name: name.answer(), email: email.answer() },
      additional_guests: guests?.answers() ?? [],
      additional_fields: Object.fromEntries(
        further.map(({ key, answer }) => [key, answer()]).filter(([, answer]) => answer),
      ),
    };
  }

  /** Show what the API said beside the field that it is about; says whether there is one. */
  function blame(message) {
    const [, key, what] = MISTAKE.exec(message) ?? [];
    const field = further.find((other) => other.key === key && other.element);
    field?.fail(`This ${what}`);
    field?.focus();
    return Boolean(field);
  }

  const elements = [name.element, email.element, ...further.map((field) => field.element), guests?.element];
  return { elements, read, blame };
}

/** The guests that the visitor brings along. */
function companions() {
  const rows = new Map();
  const list = make("div", { class: "companions" });
  const add = make("button", { type: "button", class: "plain", click: more }, "+ Add a guest");

  function more() {
    const email = line({ label: "Guest’s e-mail", type: "email", required: true, complete: "off" });
    const remove = make("button", { type: "button", class: "plain", "aria-label": "Remove this guest" }, "Remove");
    const row = make("div", { class: "companion" }, email.element, remove);
    remove.addEventListener("click", () => {
      rows.delete(row);
      row.remove();
      add.focus();
      say("Guest removed");
    });
    rows.set(row, email);
    list.append(row);
    email.focus();
  }

  return {
    element: make("div", { class: "field" }, list, add),
    fields: () => [...rows.values()],
    answers: () => [...rows.values()].map((email) => ({ name: email.answer(), email: email.answer() })),
  };
}
