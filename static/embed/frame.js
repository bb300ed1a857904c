"use strict";
// An open widget: newer numbers while it can be seen, its height for the page around it, and nothing stored.
// Without it the page stands as it was loaded, and a browser without scripts loads it again by itself.
(() => {
  const status = document.getElementById("status");
  const widget = () => document.getElementById("widget");
  const interval = () => Number(widget().dataset.seconds) * 1000;
  const patience = 15 * 1000;
  const longest = 5 * 60 * 1000;
  let failures = 0;
  let readAt = Date.now() - interval();
  let timer;
  let secret;

  function tell(message) {
    if (parent !== window) parent.postMessage(message, "*");
  }

  function tellHeight() {
    const { top, height } = widget().getBoundingClientRect();
    const value = Math.ceil(top + scrollY + height);
    tell({ type: "dure:height", v: 1, height: value });
    if (secret) tell({ message: "height", value, secret });
  }

  // WordPress knows a frame by the secret in its address, or in a message when its script came after us.
  function takeSecret(said) {
    if (!/^[a-z0-9]{1,40}$/i.test(said ?? "")) return;
    secret = String(said);
    tellHeight();
    completeLinks();
  }

  function readSecret() {
    takeSecret(/[#?&]secret=(\w+)/.exec(location.hash)?.[1]);
  }

  function hear({ data, source }) {
    if (source === parent && data?.message === "ready") takeSecret(data.secret);
  }

  // The site around the widget, by its name alone, so that the way back can be offered.
  function siteAround() {
    const named = new URLSearchParams(location.search).get("via");
    if (named) return named;
    try {
      return new URL(document.referrer).host;
    } catch {
      return "";
    }
  }

  function completeLinks() {
    const site = siteAround();
    for (const link of widget().querySelectorAll('a[href]:not([href^="#"])')) {
      const url = new URL(link.href);
      if (site && site !== location.host && !url.searchParams.has("via")) url.searchParams.set("via", site);
      if (secret && !link.target) url.hash = `?secret=${secret}`;
      link.href = url;
    }
  }

  function put(found) {
    if (!found) throw new Error("no widget in this answer");
    const before = widget().dataset.stage;
    const focused = document.activeElement?.id;
    widget().replaceWith(found);
    completeLinks();
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    if (found.dataset.stage !== before) status.textContent = found.dataset.news;
    watch.disconnect();
    watch.observe(found);
  }

  function sayNothingChanged(asOf) {
    const [at, words] = asOf.split(" ");
    const time = widget().querySelector("time");
    time.dateTime = at;
    time.textContent = decodeURIComponent(words);
  }

  async function look() {
    const url = new URL(location.href);
    url.hash = "";
    const { version } = widget().dataset;
    if (version) url.searchParams.set("since", version);
    const answer = await fetch(url, { credentials: "omit", cache: "no-cache", signal: AbortSignal.timeout(patience) });
    const over = answer.status === 404 || answer.status === 410;
    if (answer.status === 204) sayNothingChanged(answer.headers.get("Dure-As-Of"));
    else if (answer.ok && !version) return location.reload();
    else if (answer.ok || over) put(new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("widget"));
    else throw new Error(answer.status);
    if (over) return interval();
    const age = Number(answer.headers.get("Age")) * 1000;
    readAt = Date.now() - age;
    return Math.max(interval() - age, interval() / 3);
  }

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(lookNow, wait + (Math.random() * interval()) / 8);
  }

  async function lookNow() {
    clearTimeout(timer);
    if (document.hidden) return;
    let wait;
    try {
      wait = await look();
      if (wait === undefined) return; // The whole page is on its way: another look would cut it short.
      failures = 0;
    } catch {
      failures += 1;
      setTimeout(sayIfOld, readAt + 2 * interval() - Date.now());
      wait = Math.min(interval() * 2 ** (failures - 1), longest);
    }
    sayIfOld();
    later(wait);
  }

  function sayIfOld() {
    const old = widget().querySelector(".old");
    if (old) old.hidden = !failures || Date.now() - readAt < 2 * interval();
  }

  // WordPress forbids its frames to open windows; it follows links itself when asked.
  function askToFollow(event) {
    const link = event.target.closest("a[target=_blank]");
    if (!link || !secret) return;
    event.preventDefault();
    tell({ message: "link", value: link.href, secret });
  }

  const watch = new ResizeObserver(tellHeight);
  watch.observe(widget());
  tellHeight();
  completeLinks();
  readSecret();
  addEventListener("hashchange", readSecret);
  addEventListener("message", hear);
  document.addEventListener("click", askToFollow);
  if (!interval()) return;
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : lookNow()));
  addEventListener("online", lookNow);
  later(interval() / 2);
})();
