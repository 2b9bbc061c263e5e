"use strict";
// Puts the page together, follows its address, and keeps a live page in step with the tables.

const THEMES = { auto: "automatic", light: "light", dark: "dark" };
const LOOK_AGAIN = 20000;

/** Finds articles through the server. */
class ServedArticles {
  has() {
    return true;
  }

  async get(id) {
    const answer = await fetch(`/article/${encodeURIComponent(id)}`);
    return answer.status === 404 ? null : answer.json();
  }

  async find(filters, cursor) {
    const answer = await fetch(`/search?${new URLSearchParams({ ...filters, ...(cursor ? { cursor } : {}) })}`);
    if (!answer.ok) throw new Error((await answer.text()).slice(0, 200));
    return answer.json();
  }
}

function show(data) {
  const store = data.live ? new ServedArticles() : new HeldArticles(data.articles);
  data.has = (id) => store.has(id);
  const element = (id) => document.getElementById(id);
  const { title, parts } = verdict(data);
  element("headline").textContent = title;
  element("place").replaceChildren(outside(data.name, { title: data.directory }));
  document.title = `newsbeam: ${data.name}`;
  element("notices").replaceChildren(...parts, ...data.notices.map((notice) => make("p", { class: "notice" }, make("b", {}, "▲ "), notice)));
  const articles = articleSection(data, store);
  const sections = [ledgerSection(data), runsSection(data), articles, artifactSection(data), daysSection(data), duplicateSection(data), rejectSection(data), feedSection(data), sourceSection(data)];
  element("sections").replaceChildren(...sections);
  element("contents").replaceChildren(...sections.map((part) => make("li", {}, make("a", { href: `#${part.id}` }, part.dataset.short))));
  element("foot").replaceChildren(make("p", {}, `Made by newsbeam ${data.newsbeam_version}, `, moment(data.made_at), " UTC, of ", outside(data.directory), ". All times are UTC. ",
    data.live ? "" : "This file loads nothing from anywhere. ", "Lists are cut where they would be long; the tables have everything."));

  const dialog = element("article");
  const close = () => dialog.open && dialog.close();
  dialog.onclose = () => {
    const wanted = readAddress();
    if (!wanted.article) return;
    delete wanted.article;
    writeAddress(wanted, { replace: true });
  };
  dialog.onclick = (event) => {
    const link = event.target.closest("a[href^='#mark-'], a[href^='#legend-']");
    if (event.target === dialog) close();
    if (!link) return;
    event.preventDefault();
    const target = dialog.querySelector(`[id="${link.getAttribute("href").slice(1)}"]`);
    target.scrollIntoView({ block: "center" });
    (target.matches("a") ? target : target.querySelector("a")).focus();
  };

  async function follow() {
    const wanted = readAddress();
    if (wanted.article) {
      const article = await store.get(wanted.article).catch(() => null);
      if (article) fillArticle(dialog, article, data, close);
      else missing(dialog, wanted.article, data, close);
      if (!dialog.open) dialog.showModal();
      dialog.scrollTop = 0;
      dialog.querySelector("#article-title").focus();
      return;
    }
    close();
    articles.draw();
    if (location.hash.includes("=")) articles.scrollIntoView();
    else if (location.hash.length > 1) reveal(document.getElementById(decodeURIComponent(location.hash.slice(1))));
  }

  window.onhashchange = follow;
  articles.draw();
  follow();
}

function reveal(target) {
  if (!target) return;
  const fold = target.closest("details");
  if (fold) fold.open = true;
  target.scrollIntoView();
  target.focus({ preventScroll: true });
}

function missing(dialog, id, data, close) {
  const why = data.live
    ? "No article that may be shown has this id: it is unknown, a duplicate, held, withheld, or killed by its sender."
    : "It is not among the articles this page holds in full, or it may not be shown. newsbeam show and newsbeam serve find every article by its id.";
  dialog.replaceChildren(make("div", { class: "bar-top" }, make("button", { type: "button", onclick: close }, "Close")),
    make("h2", { id: "article-title", tabindex: "-1" }, "This article is not here"), make("p", {}, why), make("p", {}, make("code", {}, id)));
}

/** The theme chosen on this page, else the system's. */
function followTheme() {
  const button = document.getElementById("theme");
  let theme = "auto";
  try {
    theme = localStorage.getItem("newsbeam-theme") ?? "auto";
  } catch {
    // Pages in files may have no storage: then the choice lasts as long as the page.
  }
  const apply = () => {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    button.textContent = `Theme: ${THEMES[theme]}`;
  };
  button.addEventListener("click", () => {
    const names = Object.keys(THEMES);
    theme = names[(names.indexOf(theme) + 1) % names.length];
    try {
      localStorage.setItem("newsbeam-theme", theme);
    } catch {
      // As above.
    }
    apply();
  });
  if (!(theme in THEMES)) theme = "auto";
  apply();
}

async function load() {
  const answer = await fetch("/data.json");
  if (!answer.ok) throw new Error((await answer.text()).slice(0, 300));
  return answer.json();
}

/** Ask now and then whether a run was committed, and offer to show it. */
function watch(sequence) {
  setTimeout(async () => {
    const now = await fetch("/sequence").then((answer) => answer.json()).catch(() => sequence);
    if (now === sequence) return watch(sequence);
    const button = make("button", { type: "button", onclick: () => live() }, "Show it");
    document.getElementById("notices").append(make("p", { class: "notice" }, "Another run was committed. ", button));
  }, LOOK_AGAIN);
}

function live() {
  document.getElementById("notices").replaceChildren(make("p", {}, "Reading the tables …"));
  load().then((data) => {
    show(data);
    watch(data.sequence);
  }, (error) => {
    document.getElementById("notices").replaceChildren(make("p", { class: "notice" }, `The tables could not be read: ${error.message}`));
  });
}

followTheme();
const held = document.getElementById("data");
if (held) show(JSON.parse(held.textContent));
else live();
