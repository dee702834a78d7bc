// What every page begins with: its facts, the making of elements, and ways to tell people things.

export const facts = JSON.parse(document.getElementById("facts").textContent);
const opened = performance.now();

/** The sandbox's time in seconds, which stands still when its clock does. */
export const now = () => facts.now + (facts.frozen ? 0 : (performance.now() - opened) / 1000);

export const find = (id) => document.getElementById(id);

/** An element. Attributes that are functions listen; those that are false or missing are left out. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

/** Tell those who listen to the page rather than look at it. */
export function say(text) {
  find("said").textContent = text;
}

/** Tell everybody that something went wrong; nothing, when it no longer does. */
export function complain(text = "", ...more) {
  const place = find("problem");
  place.replaceChildren(text, ...more);
  place.hidden = !text;
  if (text) place.scrollIntoView({ block: "nearest" });
}

/** Show one part of the page in place of the others, and begin at its heading. */
export function turnTo(part) {
  for (const id of ["choose", "details", "done"]) {
    const other = find(id);
    if (other) other.hidden = id !== part;
  }
  const heading = find(part).querySelector("h2");
  heading.focus({ preventScroll: true });
  if (heading.getBoundingClientRect().top < 0) heading.scrollIntoView();
}

/** A button that cannot be pressed twice while what it started goes on. */
export async function whileBusy(button, work) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try {
    await work();
  } finally {
    button.removeAttribute("aria-disabled");
  }
}
