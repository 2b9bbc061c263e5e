"use strict";
// A text with its spans marked. Offsets are half-open code points, as in the tables; strings of
// JavaScript count UTF-16 units.

const STYLES = 7;

/** Where each code point of a text begins, in UTF-16 units; the last entry is the text's length. */
function codePointPlaces(text) {
  const places = [];
  let unit = 0;
  for (const character of text) {
    places.push(unit);
    unit += character.length;
  }
  places.push(unit);
  return places;
}

/** The part of a text between two code points. */
function codePoints(text, start, end) {
  const places = codePointPlaces(text);
  const clamp = (place) => places[Math.max(0, Math.min(place, places.length - 1))];
  return text.slice(clamp(start), clamp(end));
}

/**
 * The paragraphs of a text with spans marked. A span is {start, end, style, number, label}; without a
 * number it is only styled. Overlapping spans are nested, the longest outside, so that each keeps its
 * own line below the text. Where a span ends, its number stands as a link to the legend.
 */
function markText(text, spans, paragraph = "p") {
  const places = codePointPlaces(text);
  const last = places.length - 1;
  const clamp = (place) => Math.max(0, Math.min(place, last));
  const inside = spans.map((span) => ({ ...span, start: clamp(span.start), end: clamp(Math.max(span.start, span.end)) }));
  const breaks = [...text.matchAll(/\n\n/g)].map((found) => found.index);
  const cuts = new Set([0, last]);
  const numbered = Map.groupBy(inside.filter((span) => span.number), (span) => span.end);
  for (const span of inside) cuts.add(span.start).add(span.end);
  const pointAt = new Map(places.map((unit, point) => [unit, point]));
  for (const unit of breaks) cuts.add(pointAt.get(unit)).add(pointAt.get(unit + 2));
  const order = [...cuts].sort((a, b) => a - b);
  const waiting = inside.toSorted((a, b) => a.start - b.start || b.end - a.end);
  let active = [];
  let next = 0;
  const paragraphs = [make(paragraph, { dir: "auto" })];
  for (let index = 0; index < order.length; index += 1) {
    const point = order[index];
    for (const span of numbered.get(point) ?? []) paragraphs.at(-1).append(reference(span));
    active = active.filter((span) => span.end > point);
    while (next < waiting.length && waiting[next].start <= point) {
      if (waiting[next].end > point) active.push(waiting[next]);
      next += 1;
    }
    if (index === order.length - 1) break;
    const piece = text.slice(places[point], places[order[index + 1]]);
    if (piece === "\n\n") {
      paragraphs.at(-1).append(nested(make("span", { class: "break" }, piece), active));
      paragraphs.push(make(paragraph, { dir: "auto" }));
    } else if (piece) {
      paragraphs.at(-1).append(nested(piece, active));
    }
  }
  return paragraphs;
}

/** A piece of text inside the marks of all spans it belongs to. */
function nested(piece, active) {
  const inward = active.toSorted((a, b) => b.end - b.start - (a.end - a.start));
  return inward.reduceRight((content, span) => {
    const attributes = { class: span.style, "data-artifact": span.number, title: span.label };
    return make(span.number ? "mark" : "span", attributes, content);
  }, piece instanceof Node ? piece : document.createTextNode(piece));
}

/** The number of a span, behind it. */
function reference(span) {
  const attributes = { class: "ref", id: `mark-${span.number}`, href: `#legend-${span.number}`, "aria-label": `artifact ${span.number}: ${span.label}` };
  return make("a", attributes, String(span.number));
}
