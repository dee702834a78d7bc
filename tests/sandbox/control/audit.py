"""What a page is asked to find out whether everybody can use it, as functions for the browser."""

from __future__ import annotations

UNNAMED = """() => {
  const spoken = (one) => one.matches("a, button") && one.textContent.trim();
  const named = (one) => one.ariaLabel || one.getAttribute("aria-labelledby");
  return [...document.querySelectorAll("input, select, textarea, button, a[href], dialog")]
    .filter((one) => !(one.labels?.length || named(one) || spoken(one)))
    .map((one) => one.outerHTML);
}"""
"""Controls without a name."""

TWICE = """() => [...document.querySelectorAll("[id]")].map((one) => one.id)
  .filter((id, index, all) => all.indexOf(id) !== index)"""
"""Ids that more than one element has."""

LEVELS = """() => [...document.querySelectorAll("h1, h2, h3, h4")]
  .filter((one) => one.checkVisibility()).map((one) => Number(one.tagName[1]))"""
"""The levels of the headings that are shown."""

FAINT = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map((value) => value / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, index) => sum + c * [0.2126, 0.7152, 0.0722][index], 0);
  const ground = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const color = rgb(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
    return rgb("white");
  };
  const found = [];
  for (const one of document.querySelectorAll("body *")) {
    const text = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!text || !one.checkVisibility() || one.tagName === "OPTION") continue;
    const [a, b] = [light(rgb(getComputedStyle(one).color)), light(ground(one))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.push(`${ratio.toFixed(2)} ${one.outerHTML.slice(0, 80)}`);
  }
  return found;
}"""
"""Texts that do not stand out from their ground by the 4.5 that WCAG 2 asks for."""
