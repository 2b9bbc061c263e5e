"use strict";
// The sections of the page, each made of the data it is given.

/** The last run that read input. */
function lastIngest(data) {
  return data.runs.rows.findLast((run) => run.kind === "ingest");
}

/** In ten seconds: was the last run good? */
function verdict(data) {
  const run = lastIngest(data);
  if (!run) return { title: "No run was committed yet", parts: [] };
  const odd = [...run.unusual.map(unusualWords), ...run.alarms.map((alarm) => outside(alarm))];
  const title = odd.length ? `Last run: ${counted(odd.length, "thing")} to look at` : "Last run: nothing unusual";
  const { read, ...rest } = run.totals;
  const sum = Object.entries(rest).map(([name, count]) => `${NUMBER.format(count)} ${name}`).join(" + ");
  const known = data.runs.all > 8 ? "" : " There are too few runs yet to say what is usual.";
  return {
    title,
    parts: [
      make("p", { class: odd.length ? "verdict look" : "verdict" }, make("b", {}, odd.length ? "▲ " : "● "),
        "Run ", make("code", {}, run.run_id), ", ", moment(run.started), " UTC, ", ago(run.started, data.made_at), ", took ", `${NUMBER.format(run.seconds)} s: `,
        make("b", {}, `${NUMBER.format(read)} read`), ` = ${sum}.${known}`),
      odd.length ? make("ul", { class: "look" }, odd.map((words) => make("li", {}, words))) : null,
      tiles(data),
    ].filter(Boolean),
  };
}

function unusualWords({ what, value, usual }) {
  const show = (number) => (what.startsWith("share") ? PERCENT.format(number) : NUMBER.format(Math.round(number * 10) / 10));
  return usual === null ? `${what}: ${show(value)}` : `${what}: ${show(value)}, usual is ${show(usual)}`;
}

function tiles(data) {
  const { totals } = data;
  const entries = [
    ["articles", totals.shown], ["with artifacts", totals.tagged], ["duplicates", data.duplicates.rows],
    ["held", totals.held], ["rejects", d3.sum(data.rejects, (reject) => reject.count)],
    ["older versions", totals.older], ["killed", totals.killed], ["runs", data.runs.all],
  ];
  return make("dl", { class: "tiles" }, entries.map(([name, count]) => make("div", {}, make("dt", {}, name), make("dd", {}, NUMBER.format(count)))));
}

function ledgerSection(data) {
  const place = make("div");
  const last = lastIngest(data);
  const kinds = Object.entries(data.duplicates.kinds).map(([name, count]) => [`${name} duplicates`, count]);
  const reasons = data.rejects.map((reject) => [reject.reason, reject.count]);

  function draw(which) {
    const all = which === "all";
    const totals = all ? data.ledger : last.totals;
    const details = all ? [["duplicates", kinds], ["rejects", reasons]] : [
      ["duplicates", Object.entries(last.duplicates).filter(([, count]) => count).map(([name, count]) => [`${name} duplicates`, count])],
      ["rejects", Object.entries(last.rejects_by_reason).sort((a, b) => b[1] - a[1])],
    ];
    const targets = OUTCOMES.map((name) => ({ name, count: totals[name], color: `var(--${name})` }));
    for (const [of, parts] of details) {
      if (totals[of] !== d3.sum(parts, (part) => part[1])) continue;
      const [shown, rest] = [parts.slice(0, 5), parts.slice(5)];
      if (rest.length) shown.push(["other reasons", d3.sum(rest, (part) => part[1])]);
      targets.push(...shown.map(([name, count]) => ({ name, count, of, color: `var(--${of})` })));
    }
    const figures = dataTable({
      caption: "Ledger",
      rows: [{ name: "read", count: totals.read }, ...targets],
      columns: [
        { label: "What", value: (row) => (row.of ? `${row.of}: ${row.name}` : row.name) },
        { label: "Items", value: (row) => row.count, numeric: true },
        { label: "Share of read", value: (row) => row.count / Math.max(1, totals.read), numeric: true, cell: (row) => PERCENT.format(row.count / Math.max(1, totals.read)) },
      ],
    });
    const sum = OUTCOMES.map((name) => `${NUMBER.format(totals[name])} ${name}`).join(" + ");
    const label = `${all ? "All runs" : "The last run"}: ${NUMBER.format(totals.read)} items read = ${sum}.`;
    const released = all ? data.released : last.released;
    const dropped = all && data.dropped ? ` ${counted(data.dropped, "row")} ${data.dropped === 1 ? "was" : "were"} taken out of the tables since, by compact or replay.` : "";
    const note = (released ? ` ${counted(released, "item")} held before ${released === 1 ? "was" : "were"} released to the articles; the run that read them had counted them as held.` : "") + dropped;
    place.replaceChildren(totals.read ? flow(label + note, totals.read, targets, figures) : make("p", {}, `${label} Nothing to draw.${note}`));
  }

  if (!last) return section("ledger", "Where the items went", "Flow", make("p", {}, "No run was committed yet."));
  draw("last");
  const which = choice("Runs", [["last", "the last run"], ["all", `all ${NUMBER.format(data.runs.all)} runs`]], "last", draw);
  return section("ledger", "Where the items went", "Flow", make("div", { class: "filters" }, which), place);
}

function runsSection(data) {
  const share = (run, name) => (run.totals.read ? run.totals[name] / run.totals.read : 0);
  const rows = data.runs.rows.map((run) => ({
    ...run, time: new Date(run.started), "items read": run.totals.read, "share of rejects": share(run, "rejects"), "share of duplicates": share(run, "duplicates"),
  }));
  const measures = ["items read", "share of rejects", "share of duplicates", "seconds"];
  const table = dataTable({
    caption: "Runs",
    named: true,
    rows,
    sort: { index: 0, descending: true },
    perPage: 12,
    empty: "No run was committed yet.",
    columns: [
      { label: "No.", value: (run) => run.sequence, numeric: true },
      { label: "Started (UTC)", value: (run) => run.started, cell: (run) => [moment(run.started), make("code", { class: "definition" }, run.run_id), run.kind !== "ingest" && make("i", {}, run.kind)] },
      ...["read", ...OUTCOMES].map((name) => ({ label: name[0].toUpperCase() + name.slice(1), value: (run) => run.totals[name], numeric: true })),
      { label: "Seconds", value: (run) => run.seconds, numeric: true },
      { label: "Written", value: (run) => run.bytes, cell: (run) => bytes(run.bytes), numeric: true },
      { label: "To look at", value: (run) => run.unusual.length + run.alarms.length, cell: (run) => make("ul", { class: "notes" },
        run.unusual.map((odd) => make("li", {}, "▲ ", unusualWords(odd))), run.alarms.map((alarm) => make("li", {}, "▲ ", outside(alarm)))) },
    ],
  });
  const left = data.runs.all - rows.length;
  const count = d3.sum(rows, (run) => (run.unusual.length || run.alarms.length ? 1 : 0));
  const label = `${counted(rows.length, "run")}; ▲ marks what is unusual beside the runs before it, in ${counted(count, "run")}.`;
  const ingests = rows.filter((run) => run.kind === "ingest");
  return section("runs", "Runs", "Runs", ingests.length > 1 ? barsOverTime({
    label, measures, rows: ingests, interval: null, share: (name) => name.startsWith("share"),
    marked: (run, name) => run.unusual.some((odd) => odd.what === name),
  }) : null, table, left > 0 && make("p", {}, `${counted(left, "older run")} left out.`), folded("What counts as unusual", make("p", {}, data.runs.rule)));
}

function daysSection(data) {
  const { unit, starts, tables, outside: left } = data.days;
  const rows = starts.map((start, index) => ({
    start, time: new Date(start), ...Object.fromEntries(Object.entries(tables).map(([name, counts]) => [name, counts[index]])),
  }));
  const present = Object.keys(tables).filter((name) => d3.sum(tables[name]) > 0);
  if (!rows.length) return section("days", "By day", "Days", make("p", {}, "No rows yet."));
  const table = dataTable({
    caption: `Rows by ${unit}`,
    rows,
    sort: { index: 0, descending: true },
    perPage: 14,
    columns: [{ label: unit[0].toUpperCase() + unit.slice(1), value: (row) => row.start },
      ...Object.keys(tables).map((name) => ({ label: name[0].toUpperCase() + name.slice(1), value: (row) => row[name], numeric: true }))],
  });
  const rest = left ? ` ${counted(left, "row")} of days far before or after these are left out.` : "";
  const label = `Rows by ${unit} of publication (UTC); rejects by the day they were read.${rest}`;
  return section("days", `By ${unit}`, "Days", barsOverTime({ label, measures: present, rows, interval: unit, figures: table }));
}

function artifactSection(data) {
  const known = data.totals.shown - data.probability.unknown;
  const cards = data.kinds.filter((kind) => kind.count).map((kind) => kindCard(kind, data));
  const quiet = data.kinds.filter((kind) => !kind.count);
  const label = `How many of ${counted(known, "article")} are how probably machine-translated; ${NUMBER.format(data.probability.unknown)} are too short or in a language the model does not know.`;
  const table = dataTable({
    caption: "Kinds of artifact",
    named: true,
    rows: data.kinds.filter((kind) => kind.count),
    perPage: 40,
    sort: { index: 1, descending: true },
    empty: "No artifact was found.",
    columns: [
      { label: "Kind", value: (kind) => kind.kind, cell: (kind) => make("a", { href: `#kind-${kind.kind}` }, kind.kind) },
      { label: "Found", value: (kind) => kind.count, numeric: true },
      { label: "Articles", value: (kind) => kind.articles, numeric: true, cell: (kind) => make("a", { href: `#${new URLSearchParams({ kind: kind.kind })}` }, NUMBER.format(kind.articles), make("span", { class: "hidden" }, ` articles with ${kind.kind}`)) },
      { label: "Category (MQM)", value: (kind) => kind.mqm },
    ],
  });
  return section("artifacts", "Translation artifacts", "Artifacts",
    make("p", {}, `${counted(data.totals.tagged, "article")} of ${NUMBER.format(data.totals.shown)} have places where translation, or careless work after it, left its mark.`),
    table, make("h3", {}, "Kinds, with examples"), make("div", { class: "cards" }, cards),
    quiet.length > 0 && folded(`${counted(quiet.length, "kind")} not found`, make("dl", { class: "quiet-kinds" }, quiet.map((kind) => make("div", { id: `kind-${kind.kind}` }, make("dt", {}, kind.kind), make("dd", {}, kind.definition))))),
    make("h3", {}, "Probability of machine translation"), known ? histogram(label, data.probability.bins, "probability", "var(--accent)") : make("p", {}, label));
}

function kindCard(kind, data) {
  const examples = kind.examples.map((example) => make("li", {},
    make("bdi", {}, example.before, make("mark", { class: "artifact a0" }, example.text || "∅"), example.after),
    example.suggestion ? [" → ", outside(example.suggestion)] : null, " ",
    data.has(example.id) ? make("a", { href: `#article=${example.id}`, "aria-label": `open the article with this ${kind.kind}` }, "open") : null));
  return make("article", { id: `kind-${kind.kind}`, tabindex: "-1" },
    make("h4", {}, kind.kind), make("p", {}, kind.definition),
    make("p", { class: "mqm" }, `${kind.mqm} · found ${counted(kind.count, "time")} in ${counted(kind.articles, "article")} · `,
      make("a", { href: `#${new URLSearchParams({ kind: kind.kind })}` }, "show them", make("span", { class: "hidden" }, `: articles with ${kind.kind}`)),
      ` · docs/artifacts.md#${kind.kind}`),
    make("ul", {}, examples));
}

function duplicateSection(data) {
  const { rows, clusters, articles, kinds, similarity, forgotten } = data.duplicates;
  if (!rows) return section("duplicates", "Duplicates", "Duplicates", make("p", {}, "No duplicates were found."));
  const sum = Object.entries(kinds).map(([kind, count]) => `${NUMBER.format(count)} ${kind}`).join(", ");
  const table = dataTable({
    caption: "Articles with the most copies",
    rows: clusters,
    sort: { index: 1, descending: true },
    perPage: 10,
    columns: [
      { label: "Article", wide: true, value: (row) => row.title, cell: (row) => (row.killed ? make("i", {}, "killed by its sender") : data.has(row.id) ? articleLink(row.id, row.title) : outside(row.title ?? row.id)) },
      { label: "Copies", value: (row) => row.copies, numeric: true },
      { label: "Publisher", value: (row) => row.publisher, cell: (row) => outside(row.publisher) },
      { label: "Copies from", value: (row) => row.publishers.length, cell: (row) => outside(row.publishers.map(([name, count]) => `${name} ${NUMBER.format(count)}`).join(", ")) },
      { label: "Copies named", cell: (row) => folded(`${row.members.length} of ${NUMBER.format(row.copies)}`, make("ul", { class: "members" }, row.members.map((member) => memberItem(member)))) },
    ],
  });
  const near = d3.sum(similarity);
  return section("duplicates", "Duplicates", "Duplicates",
    make("p", {}, `${counted(rows, "copy", "copies")} (${sum}) of ${counted(articles, "article")}. ${articles > clusters.length ? `The ${clusters.length} with the most copies are shown.` : ""}${forgotten ? " There were too many to remember them all: a cluster whose copies lie far apart may be missing." : ""}`),
    table, near > 0 && histogram(`Similarity of ${counted(near, "near duplicate")} to the article they stand beside (estimated Jaccard similarity of word 5-shingles).`, similarity, "similarity", "var(--duplicates)"));
}

function memberItem(member) {
  const alike = member.kind === "near" && member.similarity !== null ? `near, ${member.similarity.toFixed(2)}` : member.kind;
  return make("li", {}, `${alike}: `, member.title ? outside(member.title) : make("i", {}, "withdrawn"), " · ",
    outside(member.publisher ?? "no publisher"), " · ", moment(member.published), " · ", outside(member.source));
}

function rejectSection(data) {
  if (!data.rejects.length) return section("rejects", "Rejects", "Rejects", make("p", {}, "Nothing was rejected."));
  const pairs = (entries) => outside(entries.map(([name, count]) => `${name} ${NUMBER.format(count)}`).join(", "));
  const table = dataTable({
    caption: "Rejects by reason",
    named: true,
    rows: data.rejects,
    sort: { index: 1, descending: true },
    perPage: 30,
    columns: [
      { label: "Reason", value: (row) => row.reason, cell: (row) => [make("b", {}, row.reason), make("span", { class: "definition" }, row.meaning)] },
      { label: "Items", value: (row) => row.count, numeric: true },
      { label: "Stage", value: (row) => row.stages[0]?.[0], cell: (row) => pairs(row.stages) },
      { label: "Format", value: (row) => row.formats[0]?.[0], cell: (row) => pairs(row.formats) },
    ],
  });
  const excerpts = data.rejects.map((row) => folded(`${row.reason}: ${counted(row.examples.length, "example")}`, row.examples.map((example) => make("div", { class: "reject" },
    make("p", {}, make("b", {}, outside(example.message)), make("br"), outside(`${example.source}, item ${example.item}, run ${example.run}`)),
    make("pre", { tabindex: "0", "aria-label": "beginning of the payload", role: "group" }, example.excerpt),
    make("p", { class: "mqm" }, `The beginning of ${bytes(example.bytes)} kept in rejects/.`)))));
  return section("rejects", "Rejects", "Rejects", table, make("h3", {}, "What was rejected"), excerpts);
}

function feedSection(data) {
  const { rows, all, by_health: health } = data.feeds;
  if (!all) return section("feeds", "Feeds", "Feeds", make("p", {}, "No feed was ever polled."));
  const sum = Object.entries(health).map(([name, count]) => `${NUMBER.format(count)} ${name}`).join(", ");
  const sign = (name) => `${name === "ok" ? "●" : name === "new" || name === "retired" ? "○" : "▲"} ${name}`;
  const table = dataTable({
    caption: "Feeds, the ones that need a look first",
    rows,
    perPage: 20,
    columns: [
      { label: "Feed", value: (row) => row.publisher ?? row.url, cell: (row) => [row.publisher && [outside(row.publisher), make("br")], webLink(row.url), row.category && make("span", { class: "definition" }, row.category)] },
      { label: "Health", value: (row) => row.health, cell: (row) => make("span", { class: `health ${["ok", "new", "retired"].includes(row.health) ? "" : "look"}` }, sign(row.health)) },
      { label: "Last entry", value: (row) => row.last_entry_at, cell: (row) => ago(row.last_entry_at, data.made_at) },
      { label: "Silent since", value: (row) => row.last_change_at, cell: (row) => [ago(row.last_change_at, data.made_at), row.usual_gap_seconds ? make("span", { class: "definition" }, `usual: every ${duration(row.usual_gap_seconds)}`) : null] },
      { label: "Last seen", value: (row) => row.last_success_at, cell: (row) => ago(row.last_success_at, data.made_at) },
      { label: "Next poll", value: (row) => row.next_poll_at, cell: (row) => (row.retired_at ? "never" : ago(row.next_poll_at, data.made_at)) },
      { label: "Failures", value: (row) => row.consecutive_failures, numeric: true },
      { label: "Last error", value: (row) => row.last_error, cell: (row) => [row.last_error && outside(`${row.last_error}${row.last_status ? ` (${row.last_status})` : ""}`), make("span", { class: "definition" }, outside(row.last_message ?? row.retired_reason))] },
    ],
  });
  return section("feeds", "Feeds", "Feeds", make("p", {}, `${counted(all, "feed")}: ${sum}.${all > rows.length ? ` The ${rows.length} that need a look most are shown.` : ""}`), table);
}

function duration(seconds) {
  const [unit, length] = [["d", 86400], ["h", 3600], ["min", 60]].find((step) => seconds >= step[1]) ?? ["s", 1];
  return `${Math.round(seconds / length)} ${unit}`;
}

function sourceSection(data) {
  const { breakdowns, sources, totals } = data;
  const left = (name) => (breakdowns[name].rest_values ? `, ${counted(breakdowns[name].rest_values, "more value")} with ${counted(breakdowns[name].rest_count, "article")} left out` : "");
  const counts = [["publisher", "Publisher"], ["language", "Language"], ["source_format", "Format"], ["doc_type", "Type"]].map(([name, label]) =>
    countTable(`Articles by ${label.toLowerCase()}${left(name)}`, label, breakdowns[name].rows, totals.shown, name === "publisher" ? "none named" : "not known"));
  const table = dataTable({
    caption: "Files and feeds, all runs",
    named: true,
    rows: sources.rows,
    sort: { index: 1, descending: true },
    perPage: 15,
    columns: [{ label: "Source", value: (row) => row.source, cell: (row) => outside(row.source, { class: "address" }) },
      ...["read", ...OUTCOMES].map((name) => ({ label: name[0].toUpperCase() + name.slice(1), value: (row) => row[name], numeric: true })),
      { label: "Last run", value: (row) => row.last_run, numeric: true }],
  });
  const note = sources.all > sources.rows.length ? `${NUMBER.format(sources.rows.length)} of ${counted(sources.all, "source")}: those with the most items and those with the most rejects.` : "";
  return section("sources", "Sources", "Sources", make("div", { class: "columns" }, counts), make("h3", {}, "Files and feeds"), note && make("p", {}, note), table);
}
