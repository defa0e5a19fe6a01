// @ts-check
/** The custom element <wijkmanager-zoeker lang="nl">: the search, on any page, in a style of its own. */

import { enhance, find } from "./search.js";

const SERVICE = new URL("..", import.meta.url).href.replace(/\/$/, "");

/**
 * Define the element. What stands inside it on the page is shown until it is ready.
 *
 * @param {Record<string, string>} unreachable - by language, what is said while the service is away
 */
export function define(unreachable) {
  class WijkmanagerZoeker extends HTMLElement {
    static observedAttributes = ["lang"];
    #ready = Promise.resolve();

    connectedCallback() {
      if (!this.shadowRoot) {
        this.attachShadow({ mode: "open" }).append(document.createElement("slot"));
        this.#ready = this.#fill();
      }
    }

    attributeChangedCallback() {
      if (this.shadowRoot) this.#ready = this.#ready.then(() => this.#fill());
    }

    async #fill() {
      const shadow = /** @type {ShadowRoot} */ (this.shadowRoot);
      const wanted = this.lang || document.documentElement.lang;
      const language = Object.hasOwn(unreachable, wanted.slice(0, 2)) ? wanted.slice(0, 2) : "nl";
      try {
        const response = await fetch(`${SERVICE}/widget?lang=${language}`, { credentials: "omit" });
        if (!response.ok) throw new Error("not there");
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        const shell = find(page, "[data-shell]", HTMLElement);
        shell.lang = language;
        await this.#dress(shadow, shell);
        enhance(shell, SERVICE);
      } catch {
        const sorry = document.createElement("p");
        sorry.lang = language;
        sorry.textContent = unreachable[language];
        shadow.replaceChildren(document.createElement("slot"), sorry);
      }
    }

    /** Put the search in its place once its style is there. @param {ShadowRoot} shadow @param {HTMLElement} shell */
    #dress(shadow, shell) {
      return /** @type {Promise<void>} */ (new Promise((resolve, reject) => {
        const style = document.createElement("link");
        style.rel = "stylesheet";
        style.href = `${SERVICE}/static/style.css`;
        style.addEventListener("load", () => resolve());
        style.addEventListener("error", () => reject(new Error("no style")));
        shell.hidden = true;
        shadow.replaceChildren(style, shell);
      })).then(() => { shell.hidden = false; });
    }
  }

  if (!customElements.get("wijkmanager-zoeker")) customElements.define("wijkmanager-zoeker", WijkmanagerZoeker);
}
