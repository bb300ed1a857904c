/* Small comforts; every page works without them. */
"use strict";

(() => {
  const status = () => document.getElementById("status");

  const say = (words) => {
    const region = status();
    if (region && words) region.textContent = words;
  };

  const offerSharing = (root) => {
    for (const box of root.querySelectorAll("[data-share]")) {
      const copy = box.querySelector("[data-copy]");
      const share = box.querySelector("[data-native-share]");
      if (copy && navigator.clipboard) copy.hidden = false;
      if (share && navigator.share) share.hidden = false;
    }
  };

  const focusAfterSwap = (target) => {
    const summary = document.getElementById("error-summary");
    if (summary && target.contains(summary)) {
      summary.focus();
      return;
    }
    const heading = target.querySelector("[data-focus]");
    if (heading) heading.focus();
  };

  document.addEventListener("click", async (event) => {
    if (!(event.target instanceof Element)) return;
    const copy = event.target.closest("[data-copy]");
    const share = event.target.closest("[data-native-share]");
    const box = event.target.closest("[data-share]");
    if (!box) return;
    if (copy) {
      try {
        await navigator.clipboard.writeText(box.dataset.url);
        say(copy.dataset.done);
      } catch {
        box.querySelector("input, textarea")?.select();
      }
    } else if (share) {
      try {
        await navigator.share({ url: box.dataset.url, title: box.dataset.title });
      } catch {
        box.querySelector("input")?.focus();
      }
    }
  });

  const offerPicking = (root) => {
    for (const box of root.querySelectorAll("[data-colour]")) {
      const [typed, picker] = box.querySelectorAll("input");
      if (/^#?[0-9a-f]{6}$/i.test(typed.value)) picker.value = `#${typed.value.replace("#", "")}`;
      picker.addEventListener("change", () => (typed.value = picker.value.slice(1)));
      picker.hidden = false;
    }
  };

  document.addEventListener("htmx:afterSwap", (event) => {
    offerSharing(event.detail.elt);
    offerPicking(event.detail.elt.parentElement ?? document);
    if (event.detail.requestConfig?.verb !== "get") focusAfterSwap(event.detail.elt);
  });
  document.addEventListener("htmx:responseError", () => say(status()?.dataset.failed));
  document.addEventListener("htmx:sendError", () => say(status()?.dataset.offline));

  offerSharing(document);
  offerPicking(document);
  document.getElementById("error-summary")?.focus();
})();
