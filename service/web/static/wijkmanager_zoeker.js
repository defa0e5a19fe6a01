// @ts-check
/** The custom element <wijkmanager-zoeker lang="nl">: the search, on any page, in a style of its own. */

import { enhance, find } from "./search.js";

const SERVICE = new URL("..", import.meta.url).href.replace(/\/$/, "");

/** After this long a widget whose service was away tries again. */
const RETRY_MS = 10_000;

/**
 * Define the element. What stands inside it on the page is shown until it is ready.
 *
 * @param {Record<string, string>} unreachable - by language, what is said while the service is away
 */
export function define(unreachable) {
  class WijkmanagerZoeker extends HTMLElement {
    static observedAttributes = ["lang"];
    #ready = Promise.resolve();
    #filled = false;

    connectedCallback() {
      if (!this.shadowRoot) this.attachShadow({ mode: "open" }).append(document.createElement("slot"));
      if (!this.#filled) this.#ready = this.#ready.then(() => this.#fill());
    }

    attributeChangedCallback() {
      if (this.shadowRoot) this.#ready = this.#ready.then(() => this.#fill());
    }

    async #fill() {
      const shadow = /** @type {ShadowRoot} */ (this.shadowRoot);
      const wanted = (this.lang || this.closest("[lang]")?.getAttribute("lang") || "nl").slice(0, 2).toLowerCase();
      const language = Object.hasOwn(unreachable, wanted) ? wanted : "nl";
      const typed = /** @type {HTMLInputElement | null} */ (shadow.querySelector("[name=q]"))?.value ?? "";
      try {
        const response = await fetch(`${SERVICE}/widget?lang=${language}`, { credentials: "omit" });
        if (!response.ok) throw new Error("not there");
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        const shell = find(page, "[data-shell]", HTMLElement);
        shell.lang = language;
        await this.#dress(shadow, shell);
        enhance(shell, SERVICE, { embedded: true }).input.value = typed;
        this.#filled = true;
      } catch {
        this.#filled = false;
        const sorry = document.createElement("p");
        sorry.lang = language;
        sorry.textContent = unreachable[language];
        shadow.replaceChildren(document.createElement("slot"), sorry);
        setTimeout(() => { if (this.isConnected && !this.#filled) this.#ready = this.#fill(); }, RETRY_MS);
      }
    }

    /** Put the search in its place once its style is there. @param {ShadowRoot} shadow @param {HTMLElement} shell */
    #dress(shadow, shell) {
      return /** @type {Promise<void>} */ (new Promise((resolve) => {
        const style = document.createElement("link");
        style.rel = "stylesheet";
        style.href = `${SERVICE}/static/style.css`;
        style.addEventListener("load", () => resolve());
        style.addEventListener("error", () => resolve()); // better plain than not at all
        shell.hidden = true;
        shadow.replaceChildren(style, shell);
      })).then(() => { shell.hidden = false; });
    }
  }

  if (!customElements.get("wijkmanager-zoeker")) customElements.define("wijkmanager-zoeker", WijkmanagerZoeker);
}
