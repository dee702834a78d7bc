// The inputs of a form: each with its label, its check, and its error beside it.

import { make } from "./page.js";

let made = 0;

/** A question. `check(value)` says what is wrong, if anything is. */
function question({ label, required = false, missing = "Please fill this in", check = () => "", value, control, wraps = labelled }) {
  const id = `field-${++made}`;
  const error = make("p", { class: "error small", id: `${id}-error`, hidden: true });
  const inputs = control(id);
  const marked = (shown) => {
    error.textContent = shown;
    error.hidden = !shown;
    for (const input of inputs) {
      if (shown) {
        input.setAttribute("aria-invalid", "true");
        input.setAttribute("aria-describedby", error.id);
      } else {
        input.removeAttribute("aria-invalid");
        input.removeAttribute("aria-describedby");
      }
    }
  };
  const answer = () => value(inputs).trim();
  const wrong = () => (answer() ? check(answer(), inputs) : required ? missing : "");
  for (const input of inputs) {
    input.addEventListener("input", () => error.hidden || marked(wrong()));
  }
  return {
    element: wraps(label, required, inputs, error),
    answer,
    fail: marked,
    focus: () => inputs[0].focus(),
    isFine() {
      marked(wrong());
      return error.hidden;
    },
  };
}

const text = (label, required) => [label, required ? "" : make("span", { class: "quiet optional" }, " (optional)")];

const labelled = (label, required, [input], error) =>
  make("div", { class: "field" }, make("label", { for: input.id }, ...text(label, required)), input, error);

const beside = (label, required, [input], error) =>
  make("div", { class: "field" },
    make("label", { class: "choice" }, input, make("span", {}, ...text(label, required))), error);

const grouped = (label, required, inputs, error) =>
  make("fieldset", { class: "field", role: "radiogroup", "aria-required": String(required) },
    make("legend", {}, ...text(label, required)),
    ...inputs.map((input) => make("label", { class: "choice" }, input, make("span", {}, input.value))), error);

const only = ([input]) => input.value;

/** One line of text, of a kind that browsers know. */
export function line({ label, type = "text", required, initial = "", complete, check }) {
  const isOfKind = (value, [input]) =>
    input.validity.typeMismatch || input.validity.badInput ? `Please check this ${KINDS[type] ?? "answer"}` : check?.(value) ?? "";
  const control = (id) => [make("input", { id, name: id, type, value: initial, required, autocomplete: complete })];
  return question({ label, required, check: isOfKind, value: only, control });
}

const KINDS = { email: "e-mail address", tel: "phone number", date: "date" };

export function lines({ label, required, initial = "", check }) {
  const control = (id) => [make("textarea", { id, name: id, required, rows: 3 }, initial)];
  return question({ label, required, check, value: only, control });
}

const CHOOSE = "Please choose one";

function list({ label, required, initial, options = [], check }) {
  const choices = options.map((option) => make("option", { value: option, selected: option === initial }, option));
  const control = (id) => [make("select", { id, name: id, required }, make("option", { value: "" }, "Please choose"), ...choices)];
  return question({ label, required, missing: CHOOSE, check, value: only, control });
}

function radios({ label, required, initial, options = [], check }) {
  const control = (id) => options.map((option) =>
    make("input", { type: "radio", name: id, value: option, checked: option === initial }));
  const value = (inputs) => inputs.find((input) => input.checked)?.value ?? "";
  return question({ label, required, missing: CHOOSE, check, value, control, wraps: grouped });
}

function tick({ label, required, initial }) {
  const control = (id) => [make("input", { id, type: "checkbox", name: id, required, checked: initial === "true" })];
  const value = ([input]) => (input.checked ? "true" : "");
  const made = question({ label, required, missing: "Please tick this", value, control, wraps: beside });
  return { ...made, answer: () => made.answer() || "false" };
}

const PHONE = /^\+?[0-9 ()./-]{4,}$/;

const OF_TYPE = {
  text: line,
  multi_line_text: lines,
  email: (given) => line({ ...given, type: "email" }),
  phone_number: (given) =>
    line({ ...given, type: "tel", check: (value) => (PHONE.test(value) ? given.check(value) : "Please check this phone number") }),
  date: (given) => line({ ...given, type: "date" }),
  dropdown: list,
  radio_button: radios,
  checkbox: tick,
};

/** The input for a question of the configuration; none for metadata, which guests never see. */
export function additional({ key, label, type, required, default: initial, pattern, options }) {
  if (type === "metadata") return { key, element: null, answer: () => initial ?? "", isFine: () => true };
  const check = (value) => (fits(pattern, value) ? "" : "This is not in the form that is asked for");
  return { key, ...(OF_TYPE[type] ?? line)({ label, required, initial: initial ?? "", options: options ?? [], check }) };
}

/** Whether a text has the pattern; the API decides about patterns that browsers cannot read. */
function fits(pattern, value) {
  try {
    return !pattern || new RegExp(pattern, "u").test(value);
  } catch {
    return true;
  }
}
