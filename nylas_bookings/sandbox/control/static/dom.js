// Elements made of data, and a document that becomes like them without losing focus or place.

/** An element. Texts stay texts; `vars` are custom properties; null and false are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "vars") for (const key in value) element.style.setProperty(key, value[key]);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat(3).filter((child) => child != null && child !== false));
  return element;
}

const key = (node) => node.dataset?.key;
const alike = (node, wanted) => node.nodeName === wanted.nodeName && key(node) === key(wanted);

/** Give an element the children that are wanted; what is there already stays, and is changed. */
export function fill(element, ...wanted) {
  const nodes = wanted.flat(3).filter((child) => child != null && child !== false);
  const kept = new Set(nodes.map(key).filter(Boolean));
  let at = element.firstChild;
  for (const item of nodes) {
    const node = item instanceof Node ? item : document.createTextNode(item);
    while (at && key(at) && !kept.has(key(at))) at = drop(at);
    const there = key(node) ? [...element.children].find((child) => alike(child, node)) : at;
    if (!there || !alike(there, node)) element.insertBefore(node, at);
    else {
      if (there === at) at = at.nextSibling;
      else element.insertBefore(there, at);
      become(there, node);
    }
  }
  while (at) at = drop(at);
}

function drop(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

function become(node, wanted) {
  if (node.nodeType !== Node.ELEMENT_NODE) {
    if (node.data !== wanted.data) node.data = wanted.data;
    return;
  }
  // Whether it is open is for the reader to say, and a style attribute is against the policy.
  const own = (name) => name === "open" || name === "style";
  for (const { name } of [...node.attributes])
    if (!own(name) && !wanted.hasAttribute(name)) node.removeAttribute(name);
  for (const { name, value } of wanted.attributes)
    if (!own(name) && node.getAttribute(name) !== value) node.setAttribute(name, value);
  if (node.style.cssText !== wanted.style.cssText) node.style.cssText = wanted.style.cssText;
  fill(node, [...wanted.childNodes]);
}

/** The options of a select; what is chosen stays so, if it is still there. */
export function choices(select, options, chosen = select.value) {
  fill(select, options.map(([value, label]) => h("option", { value, "data-key": value }, label)));
  if (options.some(([value]) => value === chosen)) select.value = chosen;
}

/** A text in which addresses are links; those of the sandbox are taken under the page's own. */
export function linked(text, home) {
  return text.split(/(https?:\/\/[^\s<>"]+)/).map((part, index) => {
    if (index % 2 === 0) return part;
    const href = home && part.startsWith(`${home}/`) ? part.slice(home.length) : part;
    return h("a", { href, target: "_blank", rel: "noopener" }, part);
  });
}

/** What a description in HTML says: its texts, its links to the web, its line breaks. */
export function described(html, home) {
  const parsed = new DOMParser().parseFromString(html, "text/html").body;
  const plain = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    const inside = [...node.childNodes].map(plain);
    if (node.nodeName === "BR") return "\n";
    if (node.nodeName !== "A" || !/^https?:/.test(node.href)) return inside;
    const href = node.href.startsWith(`${home}/`) ? node.href.slice(home.length) : node.href;
    return h("a", { href, target: "_blank", rel: "noopener" }, inside);
  };
  return [...parsed.childNodes].map(plain);
}

export const copyButton = (text, what) =>
  h("button", { type: "button", class: "copy", "data-do": "copy", "data-text": text,
    "aria-label": `Copy ${what}` }, "Copy");

export const chip = (text, kind = "") => h("span", { class: `chip ${kind}` }, text);

export const empty = (...text) => h("p", { class: "empty quiet" }, text);

/** Names and values, one below the other. */
export const facts = (rows) =>
  h("dl", { class: "facts" }, rows.filter(([, value]) => value != null && value !== "" && value !== false).map(
    ([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));

/** A table; the first cell of a row is its heading, and rows become cards where it is narrow. */
export function table(caption, headings, rows) {
  const cell = (content, index) => h(index ? "td" : "th", {
    scope: index ? null : "row", role: index ? "cell" : "rowheader", "data-label": headings[index],
  }, h("span", {}, content));
  return h("table", { role: "table" },
    h("caption", { class: "visually-hidden" }, caption),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" },
      headings.map((text) => h("th", { scope: "col", role: "columnheader" }, text)))),
    h("tbody", { role: "rowgroup" }, rows.map(([id, ...cells]) =>
      h("tr", { role: "row", "data-key": id }, cells.map(cell)))));
}
