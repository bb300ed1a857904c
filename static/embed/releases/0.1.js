"use strict";
// <dure-petition slug theme lang color width label signing>: one sandboxed frame, as tall as what it shows.
// Until the frame has spoken, and where no script runs, what stands inside the element is shown instead.
(() => {
  const script = document.currentScript || document.querySelector('script[src*="/embed/v1"]');
  const { origin } = new URL(script.src);
  const look = ["theme", "lang", "color"];
  const sheets = [];
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      ":host{display:grid}:host([hidden]){display:none}iframe,slot{display:block;grid-area:1/1}" +
        "iframe{max-width:100%;border:0;opacity:0}.on{opacity:1}.on+slot{display:none}"
    );
    sheets.push(sheet);
  } catch {
    // An older browser: the frame looks right by its attributes alone.
  }

  class DurePetition extends HTMLElement {
    static observedAttributes = ["slug", "width", "label", "signing", ...look];

    connectedCallback() {
      if (!this.shadowRoot) this.attachShadow({ mode: "open" }).adoptedStyleSheets = sheets;
      this.hear ||= (event) => this.fit(event);
      addEventListener("message", this.hear);
      this.change();
    }

    disconnectedCallback() {
      removeEventListener("message", this.hear);
    }

    attributeChangedCallback() {
      if (this.shadowRoot) this.change();
    }

    change() {
      if (this.changing) return;
      this.changing = true;
      queueMicrotask(() => {
        this.changing = false;
        this.show();
      });
    }

    show() {
      const slug = this.getAttribute("slug");
      const signing = this.hasAttribute("signing");
      const frame = (this.frame = document.createElement("iframe"));
      const url = new URL("/embed/v1/" + encodeURIComponent(slug), origin);
      for (const name of look) if (this.getAttribute(name)) url.searchParams.set(name, this.getAttribute(name));
      url.searchParams.set("via", location.host);
      frame.sandbox = "allow-scripts allow-popups allow-popups-to-escape-sandbox";
      if (signing) frame.sandbox.add("allow-forms", "allow-same-origin");
      this.speaker = signing ? origin : "null";
      frame.referrerPolicy = "strict-origin";
      frame.loading = "lazy";
      frame.title = this.getAttribute("label") || this.textContent.trim() || "Dure";
      frame.width = this.getAttribute("width") || "100%";
      frame.height = 400;
      frame.src = url;
      this.shadowRoot.replaceChildren(...(slug ? [frame] : []), document.createElement("slot"));
    }

    fit({ data, origin: speaker, source }) {
      if (!this.frame || source !== this.frame.contentWindow || speaker !== this.speaker) return;
      if (!data || data.type !== "dure:height" || data.v !== 1 || !(data.height > 0)) return;
      this.frame.height = Math.min(Math.max(Math.ceil(data.height), 200), 1000);
      this.frame.className = "on";
    }
  }

  if (!customElements.get("dure-petition")) customElements.define("dure-petition", DurePetition);
})();
