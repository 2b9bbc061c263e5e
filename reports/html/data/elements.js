"use strict";
// Elements are made here. What comes from outside goes in as text: there is no way to hand in markup.

const NUMBER = new Intl.NumberFormat("en");
const PERCENT = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });

/** An element with attributes ("onclick" and such are listeners) and children, elements or text. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  const shown = children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
  element.append(...shown.map((child) => (child instanceof Node ? child : String(child))));
  return element;
}

/** Text from outside, set apart so that its direction of writing turns nothing else around. */
function outside(text, attributes = {}) {
  return make("bdi", attributes, text ?? "");
}

/** A link to a web page. What is no address of the web, such as javascript:, stays text. */
function webLink(address) {
  let url = null;
  try {
    url = new URL(address);
  } catch {
    return outside(address);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return outside(address);
  const attributes = { href: url.href, rel: "noopener noreferrer nofollow external", referrerpolicy: "no-referrer", target: "_blank" };
  return make("a", attributes, outside(address));
}

/** A point in time, to the minute, in UTC. */
function moment(iso) {
  if (!iso) return "";
  return make("time", { datetime: iso }, `${iso.slice(0, 10)} ${iso.slice(11, 16)}`);
}

/** How long ago something was when the page was made, in the largest unit that fits. */
function ago(iso, now) {
  if (!iso) return "";
  const seconds = (Date.parse(now) - Date.parse(iso)) / 1000;
  const size = Math.abs(seconds);
  const [unit, length] = [["d", 86400], ["h", 3600], ["min", 60]].find((step) => size >= step[1]) ?? ["s", 1];
  const words = `${Math.round(size / length)} ${unit}`;
  return make("time", { datetime: iso, title: `${iso} UTC` }, seconds < 0 ? `in ${words}` : `${words} ago`);
}

/** "1 article", "2 articles". */
function counted(count, noun, plural = `${noun}s`) {
  return `${NUMBER.format(count)} ${count === 1 ? noun : plural}`;
}

function bytes(count) {
  const units = ["bytes", "kB", "MB", "GB"];
  let size = count;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit ? size.toFixed(1) : size} ${units[unit]}`;
}

/** A section of the page; `short` names it in the list of contents. */
function section(id, title, short, ...children) {
  const heading = make("h2", { id: `${id}-title` }, title);
  return make("section", { id, "aria-labelledby": `${id}-title`, tabindex: "-1", "data-short": short }, heading, ...children);
}

/** Parts that can be folded away. */
function folded(summary, ...children) {
  return make("details", {}, make("summary", {}, summary), ...children);
}

let controls = 0;

/** A control with its label. */
function labelled(label, control, attributes = {}) {
  controls += 1;
  control.id = `control-${controls}`;
  return make("div", { class: "labelled", ...attributes }, make("label", { for: control.id }, label), control);
}

/** A drop-down list; `options` are pairs of value and label. */
function choice(label, options, value, onchange) {
  const select = make("select", { onchange: (event) => onchange(event.target.value) });
  select.append(...options.map(([key, text]) => make("option", { value: key, selected: key === value }, text)));
  return labelled(label, select);
}
