// @ts-check
/** The search page: each answer has its own place in the browser's history. */

import { enhance } from "./search.js";

const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-search]"));
const site = document.title.split(" – ").at(-1);
const about = /** @type {HTMLElement | null} */ (document.querySelector("[data-about]"));
let travelling = false;
/** The query that is shown, which tells a step in the history from a jump on the page. */
let shown = location.search;

const search = enhance(document, form.dataset.service ?? "", {
  asked(fields) {
    const address = `?${query(fields)}`;
    if (!travelling && address !== location.search) history.pushState(null, "", address);
    shown = location.search;
    travelling = false;
    offerLanguages(fields);
  },
  answered(article) {
    document.title = `${article.dataset.title} – ${site}`;
    if (about) about.hidden = true;
  },
});

/** @param {Record<string, string>} fields */
function query(fields) {
  const language = form.dataset.language ?? "nl";
  return new URLSearchParams(language === "nl" ? fields : { lang: language, ...fields });
}

/** Let the other languages lead to what is shown here. @param {Record<string, string>} fields */
function offerLanguages(fields) {
  for (const link of document.querySelectorAll("[data-language]")) {
    const code = /** @type {HTMLElement} */ (link).dataset.language ?? "";
    link.setAttribute("href", `?${query({ ...fields, lang: code })}`);
  }
}

addEventListener("popstate", () => {
  if (location.search === shown) return;
  shown = location.search;
  const asked = new URLSearchParams(location.search);
  asked.delete("lang");
  const fields = Object.fromEntries([...asked].filter(([, value]) => value));
  search.input.value = fields.q ?? "";
  if (Object.keys(fields).some((name) => name !== "on")) {
    travelling = true;
    void search.ask(fields);
  } else {
    search.clear();
    offerLanguages(fields);
    document.title = `${form.dataset.title} – ${site}`;
    if (about) about.hidden = false;
  }
});
