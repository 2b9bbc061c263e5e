"use strict";
// Tables that can be sorted and paged through.

const SORTER = new Intl.Collator("en", { numeric: true });

/**
 * A table. A column is {label, value, cell, numeric, wide}: `value` of a row is what is sorted by and shown,
 * unless `cell` makes something else of the row. Where a heading has `named` the table, its caption is for screen
 * readers alone. Returns the element, with a method `show(rows)`.
 */
function dataTable({ caption, columns, rows, sort = null, perPage = 20, empty = "None.", named = false }) {
  let shown = rows;
  let page = 0;
  let by = sort;
  const body = make("tbody");
  const pages = make("p", { class: "pages" });
  const heads = columns.map((column, index) => {
    const sortable = column.value && column.sortable !== false;
    const label = sortable ? make("button", { type: "button", class: "sort", onclick: () => turn(index) }, column.label) : column.label;
    return make("th", { scope: "col", class: column.numeric ? "number" : column.wide && "wide" }, label);
  });
  const table = make("table", {}, make("caption", { class: named && "hidden" }, caption), make("thead", {}, make("tr", {}, heads)), body);

  function turn(index) {
    by = { index, descending: by?.index === index ? !by.descending : Boolean(columns[index].numeric) };
    page = 0;
    draw();
  }

  function sorted() {
    if (!by) return shown;
    const { value, numeric } = columns[by.index];
    const missing = (entry) => entry === null || entry === undefined || entry === "";
    const compare = numeric ? (a, b) => a - b : (a, b) => SORTER.compare(a, b);
    return shown.toSorted((one, other) => {
      const [a, b] = [value(one), value(other)];
      if (missing(a) || missing(b)) return missing(a) - missing(b);
      return by.descending ? compare(b, a) : compare(a, b);
    });
  }

  function draw() {
    heads.forEach((head, index) => {
      if (by?.index === index) head.setAttribute("aria-sort", by.descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    const part = sorted().slice(page * perPage, (page + 1) * perPage);
    body.replaceChildren(...part.map((row) => make("tr", {}, columns.map((column, index) => cellOf(column, index, row)))));
    if (!part.length) body.append(make("tr", {}, make("td", { colspan: columns.length }, empty)));
    const count = Math.ceil(shown.length / perPage);
    pages.hidden = count < 2;
    pages.replaceChildren(
      make("button", { type: "button", disabled: page === 0, onclick: () => move(-1) }, "Previous"),
      make("span", {}, ` page ${page + 1} of ${NUMBER.format(count)} `),
      make("button", { type: "button", disabled: page >= count - 1, onclick: () => move(1) }, "Next"),
    );
  }

  function move(step) {
    page += step;
    draw();
    // The button just pressed, as long as it leads somewhere.
    const [back, forth] = pages.querySelectorAll("button");
    const same = step > 0 ? forth : back;
    (same.disabled ? (step > 0 ? back : forth) : same).focus();
  }

  draw();
  const scroller = make("div", { class: "scroll", role: "group", "aria-label": caption, tabindex: "0" }, table);
  const element = make("div", { class: "table" }, scroller, pages);
  element.show = (newRows) => {
    shown = newRows;
    page = 0;
    draw();
  };
  return element;
}

function cellOf(column, index, row) {
  const content = column.cell ? column.cell(row) : column.value(row);
  const text = typeof content === "number" ? NUMBER.format(content) : content;
  return make(index === 0 ? "th" : "td", { scope: index === 0 && "row", class: column.numeric ? "number" : column.wide && "wide" }, text);
}

/** Counts as a table with a bar in each row; `total` is what the shares are of. */
function countTable(caption, label, rows, total, unknown = "not known") {
  const most = Math.max(1, ...rows.map((row) => row[1]));
  return dataTable({
    caption,
    perPage: 12,
    rows,
    columns: [
      { label, value: (row) => row[0], cell: (row) => (row[0] === null ? make("i", {}, unknown) : outside(row[0])) },
      { label: "Articles", value: (row) => row[1], numeric: true },
      { label: "Share", value: (row) => row[1], sortable: false, numeric: true, cell: (row) => PERCENT.format(row[1] / Math.max(1, total)) },
      { label: make("span", { class: "hidden" }, "Bar"), cell: (row) => bar(row[1] / most) },
    ],
  });
}

/** A bar whose length is a share of its place; it repeats a number beside it. */
function bar(share) {
  const fill = make("span", { class: "fill" });
  fill.style.width = `${Math.max(0.5, share * 100)}%`;
  return make("span", { class: "bar", "aria-hidden": "true" }, fill);
}
