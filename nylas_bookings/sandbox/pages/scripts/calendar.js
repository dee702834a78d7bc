// A month of days, as an ARIA grid: arrow keys walk, Enter chooses, Page Up and Down turn the page.

import { make } from "./page.js";
import {
  firstOf, monthOf, nameOfDay, nameOfMonth, namesOfWeekdays, nextMonth, numberOfDay, sameDayIn,
  shifted, weekStart, weekdayOf,
} from "./times.js";

/** Draws months into an element. `turn(month)` has to draw that month; `choose(day, byKey)` is told. */
export function calendar(element, { turn, choose }) {
  let shown = {};

  const title = make("h3", { id: "month" });
  const before = make("button", { type: "button", class: "plain turn", "aria-label": "Previous month" }, "‹");
  const after = make("button", { type: "button", class: "plain turn", "aria-label": "Next month" }, "›");
  before.addEventListener("click", () => isOff(before) || turn(nextMonth(shown.month, -1)));
  after.addEventListener("click", () => isOff(after) || turn(nextMonth(shown.month)));
  const body = make("tbody");
  const names = namesOfWeekdays().map(([short, long]) =>
    make("th", { scope: "col", "aria-label": long }, short));
  const table = make(
    "table", { role: "grid", "aria-labelledby": "month", keydown: walk },
    make("thead", {}, make("tr", {}, ...names)), body,
  );
  element.replaceChildren(make("div", { class: "head" }, before, title, after), table);

  function draw(state) {
    shown = state;
    const hadFocus = body.contains(document.activeElement);
    title.textContent = nameOfMonth(state.month);
    before.setAttribute("aria-disabled", state.month <= state.first);
    after.setAttribute("aria-disabled", state.month >= state.last);
    body.replaceChildren(...weeks(state.month).map((days) => make("tr", {}, ...days.map(cell))));
    const next = focusable(state.focus);
    if (hadFocus) next?.focus();
  }

  function cell(day) {
    if (monthOf(day) !== shown.month) return make("td", { role: "gridcell" });
    const count = shown.counts.get(day) ?? 0;
    const isChosen = day === shown.chosen;
    const button = make(
      "button", {
        type: "button", tabindex: "-1", "data-day": day, class: "day",
        "aria-label": `${nameOfDay(day)}, ${counted(count)}`,
        "aria-disabled": count ? null : "true",
        "aria-current": day === shown.today ? "date" : null,
        click: (event) => count && choose(day, event.detail === 0),
      }, numberOfDay(day),
    );
    return make("td", { role: "gridcell", "aria-selected": String(isChosen) }, button);
  }

  const at = (day) => body.querySelector(`[data-day="${day}"]`);

  function focusable(day) {
    for (const button of body.querySelectorAll("[tabindex='0']")) button.tabIndex = -1;
    const button = at(day);
    if (button) button.tabIndex = 0;
    return button;
  }

  async function walk(event) {
    const day = event.target.dataset.day;
    const target = day && !event.ctrlKey && !event.metaKey && !event.altKey && reached(event.key, day);
    if (!target) return;
    event.preventDefault();
    const month = monthOf(target);
    if (month < shown.first || month > shown.last) return;
    if (month !== shown.month) await turn(month);
    focusable(target)?.focus();
  }

  return { draw };
}

const isOff = (button) => button.getAttribute("aria-disabled") === "true";

const counted = (count) => (count === 0 ? "no times" : count === 1 ? "1 time" : `${count} times`);

const column = (day) => (weekdayOf(day) - weekStart() + 7) % 7;

/** Where a key leads from a day; nowhere, for most keys. */
function reached(key, day) {
  switch (key) {
    case "ArrowLeft": return shifted(day, -1);
    case "ArrowRight": return shifted(day, 1);
    case "ArrowUp": return shifted(day, -7);
    case "ArrowDown": return shifted(day, 7);
    case "Home": return shifted(day, -column(day));
    case "End": return shifted(day, 6 - column(day));
    case "PageUp": return sameDayIn(nextMonth(monthOf(day), -1), day);
    case "PageDown": return sameDayIn(nextMonth(monthOf(day)), day);
    default: return null;
  }
}

/** The weeks that a month touches. */
function weeks(month) {
  const found = [];
  let day = shifted(firstOf(month), -column(firstOf(month)));
  while (monthOf(day) <= month) {
    found.push([...Array(7).keys()].map((days) => shifted(day, days)));
    day = shifted(day, 7);
  }
  return found;
}
