"use strict";
// The list of articles with its filters, and one article opened.

const FILTERS = ["q", "language", "source_format", "publisher", "doc_type", "kind"];

/** What an address of this page asks for: filters, and an article to open. */
function readAddress() {
  return Object.fromEntries([...new URLSearchParams(location.hash.slice(1))].filter(([name, value]) => value !== "" && [...FILTERS, "article"].includes(name)));
}

function writeAddress(wanted, { replace = false } = {}) {
  const hash = `#${new URLSearchParams(Object.entries(wanted).filter(([, value]) => value))}`;
  if (hash === location.hash) return;
  if (replace) history.replaceState(null, "", hash);
  else location.hash = hash;
}

/** The address of an article on this page, filters kept. */
function articleLink(id, text) {
  return make("a", { href: `#${new URLSearchParams({ ...readAddress(), article: id })}` }, outside(text || "(no title)"));
}

/** Finds articles among those the page holds. A live page asks the server instead (report.js). */
class HeldArticles {
  constructor(articles) {
    this.articles = articles;
    this.byId = new Map(articles.map((article) => [article.id, article]));
  }

  has(id) {
    return this.byId.has(id);
  }

  async get(id) {
    return this.byId.get(id) ?? null;
  }

  async find(filters) {
    const words = (filters.q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    const rows = this.articles.filter((article) =>
      ["language", "source_format", "publisher", "doc_type"].every((name) => !filters[name] || (article[name] ?? "") === filters[name])
      && (!filters.kind || article.artifacts?.some((artifact) => artifact[0] === filters.kind))
      && words.every((word) => article.title.toLowerCase().includes(word) || article.body?.toLowerCase().includes(word)));
    return { rows, next: null, note: `${NUMBER.format(rows.length)} of ${counted(this.articles.length, "article")} on this page` };
  }
}

function articleSection(data, store) {
  const status = make("p", { role: "status", class: "count" });
  const more = make("button", { type: "button", hidden: true }, "Search further back");
  const table = dataTable({
    caption: "Articles",
    named: true,
    rows: [],
    sort: data.live ? null : { index: 0, descending: true },
    perPage: 20,
    empty: "No article fits the filters.",
    columns: [
      { label: "Published", value: (row) => row.published ?? row.date, cell: (row) => moment(row.published) || outside(row.date) },
      { label: "Title", wide: true, value: (row) => row.title, cell: (row) => articleLink(row.id, row.title) },
      { label: "Publisher", value: (row) => row.publisher, cell: (row) => outside(row.publisher) },
      { label: "Language", value: (row) => row.language },
      { label: "Format", value: (row) => row.source_format },
      { label: "Words", value: (row) => row.word_count, numeric: true },
      { label: "Artifacts", value: (row) => (row.artifacts ?? row.kinds ?? []).length, numeric: true },
      { label: "Translated", value: (row) => row.translation_probability, cell: (row) => row.translation_probability?.toFixed(2) ?? "", numeric: true },
    ],
  });
  const filters = make("form", { role: "search", class: "filters", onsubmit: (event) => event.preventDefault() });
  const search = make("input", { type: "search", name: "q", autocomplete: "off", maxlength: "200" });
  let asked = 0;
  let rows = [];

  async function show(cursor = null) {
    asked += 1;
    const mine = asked;
    const wanted = readAddress();
    delete wanted.article;
    status.textContent = "Searching …";
    const found = await store.find(wanted, cursor).catch((error) => ({ rows: [], next: null, note: `The search failed: ${error.message}` }));
    if (mine !== asked) return;
    rows = cursor ? [...rows, ...found.rows] : found.rows;
    table.show(rows);
    status.textContent = found.note;
    more.hidden = !found.next;
    more.onclick = () => show(found.next);
  }

  function change(name, value) {
    const wanted = { ...readAddress(), [name]: value };
    delete wanted.article;
    writeAddress(wanted, { replace: true });
    draw();
  }

  const named = (name) => data.breakdowns[name].rows.map((row) => row[0]).filter((value) => value !== null);
  const select = (name, label, values) => {
    const found = choice(label, [["", "all"], ...values.map((value) => [value, value])], "", (value) => change(name, value));
    found.lastChild.name = name;
    return found;
  };
  filters.append(
    labelled("Search in titles and texts", search, { class: "labelled wide" }),
    select("language", "Language", named("language")),
    select("source_format", "Format", named("source_format")),
    select("publisher", "Publisher", named("publisher")),
    select("doc_type", "Type", named("doc_type")),
    select("kind", "Artifact", data.kinds.filter((kind) => kind.count).map((kind) => kind.kind)),
    make("button", { type: "button", onclick: () => { search.value = ""; writeAddress({}, { replace: true }); draw(); } }, "Clear filters"),
  );

  /** Bring the controls and the rows in step with the page's address. */
  function draw() {
    const wanted = readAddress();
    if (document.activeElement !== search) search.value = wanted.q ?? "";
    for (const control of filters.querySelectorAll("select")) {
      const value = wanted[control.name] ?? "";
      if (![...control.options].some((option) => option.value === value)) control.append(make("option", { value }, value));
      control.value = value;
    }
    show();
  }

  let pause = 0;
  search.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => change("q", search.value.trim()), data.live ? 350 : 120);
  });
  const element = section("articles", "Articles", "Articles", make("p", {}, articleIntro(data)), filters, status, table, more);
  element.draw = draw;
  return element;
}

function articleIntro(data) {
  if (data.live) return "All articles, the newest version of each. Held, withheld and killed items are not shown.";
  const left = data.totals.shown - data.articles.length;
  const rule = "the newest, those with the most artifacts, some of each kind of artifact, and those with the most copies";
  if (!left) return "The newest version of each article. Held, withheld and killed items are not shown.";
  return `The page holds ${NUMBER.format(data.articles.length)} of ${counted(data.totals.shown, "article")} in full: ${rule}. ${NUMBER.format(left)} are left out; newsbeam serve shows them all. Held, withheld and killed items are not shown.`;
}

/** Fill the dialog with an article. */
function fillArticle(dialog, article, data, close) {
  const kinds = [...new Set((article.artifacts ?? []).map((artifact) => artifact[0]))];
  const spans = (article.artifacts ?? []).map(([kind, field, start, end, suggestion, confidence], index) => ({
    kind, field, start, end, suggestion, confidence, number: index + 1, label: kind, style: `artifact a${kinds.indexOf(kind) % STYLES}`,
  }));
  const credits = [...(article.credits ?? []).map(([role, , , start, end]) => ({ start, end, label: role })), article.dateline && { ...article.dateline, label: "dateline" }]
    .filter((span) => span && span.start !== undefined && span.start !== null)
    .map((span) => ({ ...span, style: "credit" }));
  const title = make("h2", { id: "article-title", tabindex: "-1" });
  title.append(...markText(article.title, spans.filter((span) => span.field === "title"), "span"));
  const body = markText(article.body ?? "", [...credits, ...spans.filter((span) => span.field === "body")]);
  const parts = [
    make("div", { class: "bar-top" }, make("button", { type: "button", onclick: close }, "Close"), copyButton()),
    title,
    facts(article),
    article.summary && make("p", { class: "summary", dir: "auto" }, make("b", {}, "Summary: "), article.summary),
    make("div", { class: "text", lang: article.language ?? "", id: "article-text" }, body),
    make("p", { class: "key" }, make("span", { class: "credit" }, "Italic, dotted"), ": credits and dateline. Numbered marks: artifacts, listed below."),
    spans.length ? legend(article, spans, data, close) : make("p", {}, "No artifact was found in this text."),
  ];
  dialog.replaceChildren(...parts.filter(Boolean));
}

function copyButton() {
  const button = make("button", { type: "button", class: "quiet" }, "Copy link");
  button.addEventListener("click", async () => {
    const link = new URL(location.href);
    link.hash = new URLSearchParams({ article: readAddress().article }).toString();
    await navigator.clipboard?.writeText(link.href).then(() => { button.textContent = "Copied"; }, () => { button.textContent = "Copying was refused"; });
  });
  return button;
}

function facts(article) {
  const sure = article.language_confidence === undefined ? "" : ` (${article.language_confidence.toFixed(2)} sure)`;
  const dateline = article.dateline ?? {};
  const entries = [
    ["Published", article.published ? moment(article.published) : article.published_raw && [outside(article.published_raw), " (as the source says)"]],
    ["Updated", article.updated && moment(article.updated)],
    ["Publisher", article.publisher && outside(article.publisher)],
    ["Authors", article.byline && outside(article.byline.join(", "))],
    ...(article.credits ?? []).map(([role, name, code]) => [role[0].toUpperCase() + role.slice(1), outside([name, code && `(${code})`].filter(Boolean).join(" "))]),
    ["Dateline", article.dateline && outside([dateline.place, dateline.agency, dateline.date_text].filter(Boolean).join(", "))],
    ["Original source", article.original_source && outside(article.original_source)],
    ["Address", article.url && webLink(article.url)],
    ["Language", article.language && article.language + sure],
    ["Machine-translated", article.translation_probability !== undefined && `${article.translation_probability.toFixed(2)} probable`],
    ["Editor's note", article.editors_note && outside(article.editors_note)],
    ["Slug, take", (article.slug || article.take) && outside([article.slug, article.take].filter(Boolean).join(", "))],
    ["Section", article.section && outside(article.section)],
    ["Keywords", article.keywords && outside(article.keywords.join(", "))],
    ["Rights", article.rights && outside(article.rights.join(", "))],
    ["Mended encoding", article.repair],
    ["Read from", [outside(article.source_uri), ` (${article.source_format})`]],
    ["Kind", `${article.doc_type}, version ${article.version}, ${counted(article.word_count ?? 0, "word")}`],
    ["Id", make("code", {}, article.id)],
    ["Story", article.story_id && article.story_id !== article.id && make("code", {}, article.story_id)],
    ["Run", make("code", {}, article.run_id)],
  ];
  return make("dl", {}, entries.filter(([, value]) => value).map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))));
}

function legend(article, spans, data, close) {
  const about = new Map(data.kinds.map((kind) => [kind.kind, kind]));
  const rows = spans.map((span) => make("tr", { id: `legend-${span.number}` },
    make("th", { scope: "row" }, make("a", { href: `#mark-${span.number}`, "aria-label": `artifact ${span.number} in the text` }, String(span.number))),
    make("td", {},
      make("span", { class: span.style }, span.kind),
      make("span", { class: "definition" }, about.get(span.kind)?.definition ?? "", " ",
        make("a", { href: `#kind-${span.kind}`, onclick: close }, "More on this kind"))),
    make("td", {}, outside(codePoints(article[span.field] ?? "", span.start, span.end).trim().slice(0, 300))),
    make("td", {}, span.suggestion === null ? make("i", {}, "none is safe") : span.suggestion === "" ? make("i", {}, "leave it out") : outside(span.suggestion)),
    make("td", { class: "number" }, span.confidence.toFixed(2))));
  const heads = ["No.", "Artifact", "Stands there", "Suggestion", "Sure"].map((head) => make("th", { scope: "col" }, head));
  return make("div", { class: "scroll", role: "group", "aria-label": "Artifacts of this article", tabindex: "0" },
    make("table", { class: "legend" }, make("caption", {}, counted(spans.length, "artifact")), make("thead", {}, make("tr", {}, heads)), make("tbody", {}, rows)));
}
