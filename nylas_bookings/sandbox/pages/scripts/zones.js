// The visitor's time zone: found out, and changed from a list.

import { make } from "./page.js";

export const detected = () => new Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

const place = (zone) => zone.split("/").slice(1).join(" / ").replaceAll("_", " ");

/** Fill the list, and hear of each choice. */
export function zones(select, chosen, choose) {
  const all = [...new Set([...(Intl.supportedValuesOf?.("timeZone") ?? []), chosen])].sort();
  const regions = new Map();
  for (const zone of all.filter((name) => name.includes("/"))) {
    const region = zone.slice(0, zone.indexOf("/"));
    if (!regions.has(region)) regions.set(region, make("optgroup", { label: region }));
    regions.get(region).append(make("option", { value: zone }, place(zone)));
  }
  const plain = new Set(["UTC", ...all.filter((name) => !name.includes("/"))]);
  const first = [...plain].map((zone) => make("option", { value: zone }, zone));
  select.replaceChildren(...first, ...regions.values());
  select.value = chosen;
  select.addEventListener("change", () => choose(select.value));
}
