"use strict";
// Charts, each with its figures in a table below. Colours say nothing that words or places do not.

const OUTCOMES = ["articles", "duplicates", "held", "rejects", "unchanged"];

/** A chart that is drawn again when its place gets wider or narrower. `draw(width)` returns an SVG element. */
function chart(label, draw, figures = null) {
  const place = make("div", { class: "plot-place" });
  let width = 0;
  new ResizeObserver(([entry]) => {
    const now = Math.floor(entry.contentRect.width);
    if (now === width || now === 0) return;
    width = now;
    const drawn = draw(width);
    // One name for the whole: what a chart shows in detail, the table below it says.
    for (const part of drawn.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
    drawn.setAttribute("role", "img");
    drawn.setAttribute("aria-label", label);
    place.replaceChildren(drawn);
  }).observe(place);
  return make("figure", {}, place, make("figcaption", {}, label), figures && folded("The figures as a table", figures));
}

/** Small bars of one measure over time, one chart below the other on a common axis. */
function barsOverTime({ label, measures, rows, interval, figures, marked = () => null, share = () => false }) {
  const draw = (width) => {
    const domain = timeDomain(rows, interval);
    const height = 84;
    const parts = measures.map((name, index) => {
      const lowest = index === measures.length - 1;
      return Plot.plot({
        className: "plot",
        width,
        height: height + (lowest ? 34 : 0),
        marginLeft: 56,
        marginRight: 12,
        marginTop: 20,
        marginBottom: lowest ? 38 : 4,
        x: { type: "utc", domain, axis: lowest ? "bottom" : null, label: null, ticks: Math.max(2, Math.floor(width / 110)) },
        y: { label: null, ticks: 3, grid: true, nice: true, tickFormat: share(name) ? "%" : "~s" },
        marks: [
          Plot.ruleY([0]),
          bars(rows.filter((row) => row[name] > 0), name, interval),
          Plot.text([name], { frameAnchor: "top-left", dy: -16, text: (text) => text, fontWeight: 600, fontSize: 12 }),
          Plot.text(rows.filter((row) => marked(row, name)), {
            x: "time", y: name, text: () => "▲", dy: 12, fill: "var(--alarm)", stroke: "var(--ground)", paintOrder: "stroke", strokeWidth: 3, fontSize: 13,
          }),
        ],
      });
    });
    return stacked(parts, width);
  };
  return chart(label, draw, figures);
}

function bars(rows, name, interval) {
  const attributes = { x: "time", y: name, fill: `var(--${OUTCOMES.includes(name) ? name : "accent"})` };
  return interval ? Plot.rectY(rows, { ...attributes, interval, inset: 0.3 }) : Plot.ruleX(rows, { x: "time", y: name, stroke: attributes.fill, strokeWidth: 3 });
}

/** The range of time, wide enough that a single bar is no wall. */
function timeDomain(rows, interval) {
  const times = rows.map((row) => row.time);
  const first = d3.min(times);
  const last = d3.max(times);
  const step = { day: 864e5, week: 7 * 864e5, month: 31 * 864e5, year: 366 * 864e5 }[interval] ?? 36e5;
  const span = Math.max(last - first + step, 14 * step);
  return [new Date(+last + step - span), new Date(+last + step)];
}

/** Several SVG elements as one. */
function stacked(parts, width) {
  let top = 0;
  const whole = d3.create("svg").attr("class", "plot").attr("width", width);
  for (const part of parts) {
    part.setAttribute("y", top);
    top += Number(part.getAttribute("height"));
    whole.append(() => part);
  }
  return whole.attr("height", top).attr("viewBox", `0 0 ${width} ${top}`).node();
}

/** Counts of values between 0 and 1, in bins of one width. */
function histogram(label, counts, axis, color) {
  const rows = counts.map((count, index) => ({ from: index / counts.length, to: (index + 1) / counts.length, count }));
  const draw = (width) => Plot.plot({
    className: "plot",
    width,
    height: 196,
    marginLeft: 56,
    marginBottom: 42,
    x: { domain: [0, 1], label: axis, labelAnchor: "center", labelArrow: "none" },
    y: { label: null, grid: true, ticks: 4, tickFormat: "~s", nice: true },
    marks: [Plot.rectY(rows, { x1: "from", x2: "to", y: "count", fill: color, inset: 0.5 }), Plot.ruleY([0])],
  });
  const figures = dataTable({
    caption: label,
    perPage: 20,
    rows,
    columns: [
      { label: "From", value: (row) => row.from, cell: (row) => row.from.toFixed(2), numeric: true },
      { label: "To", value: (row) => row.to, cell: (row) => row.to.toFixed(2), numeric: true },
      { label: "Count", value: (row) => row.count, numeric: true },
    ],
  });
  return chart(label, draw, figures);
}

/** Where items went, as bands whose widths are their numbers. `targets` are {name, count, color, of}. */
function flow(label, read, targets, figures) {
  const draw = (width) => {
    const shown = targets.filter((target) => target.count > 0);
    const narrow = width < 560;
    const nodes = [{ id: "read", count: read, color: "var(--accent)" }, ...shown.map((target) => ({ ...target, id: target.name }))];
    const links = shown.map((target) => ({ source: target.of ?? "read", target: target.name, value: target.count, color: target.color }));
    const height = Math.max(150, 34 * shown.length);
    const right = narrow ? 120 : 190;
    const layout = d3.sankey().nodeId((node) => node.id).nodeWidth(12).nodePadding(22).nodeSort(null).nodeAlign(d3.sankeyLeft)
      .extent([[2, 22], [width - right, height - 14]]);
    const graph = layout({ nodes, links });
    const svg = d3.create("svg").attr("class", "plot flow").attr("width", width).attr("height", height).attr("viewBox", `0 0 ${width} ${height}`);
    svg.append("g").attr("fill", "none").selectAll("path").data(graph.links).join("path")
      .attr("d", d3.sankeyLinkHorizontal()).attr("stroke", (link) => link.color).attr("stroke-opacity", 0.45)
      .attr("stroke-width", (link) => Math.max(1.5, link.width));
    svg.append("g").selectAll("rect").data(graph.nodes).join("rect")
      .attr("x", (node) => node.x0).attr("y", (node) => node.y0).attr("width", (node) => node.x1 - node.x0)
      .attr("height", (node) => Math.max(2, node.y1 - node.y0)).attr("fill", (node) => node.color);
    svg.append("g").selectAll("text").data(graph.nodes).join("text")
      .attr("x", (node) => (node.id === "read" ? node.x0 : node.x1 + 6))
      .attr("y", (node) => (node.id === "read" ? node.y0 - 10 : (node.y0 + node.y1) / 2)).attr("dy", "0.35em")
      .text((node) => `${NUMBER.format(node.count)} ${node.id}`);
    return svg.node();
  };
  return chart(label, draw, figures);
}
