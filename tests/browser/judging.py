"""Judging a page: axe, its width, its targets, its outline."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRAVE = {"serious", "critical"}

WIDER_THAN_THE_SCREEN = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  return [...document.querySelectorAll('body *')]
    .filter((one) => one.getBoundingClientRect().right > root.clientWidth + 1)
    .slice(0, 5)
    .map((one) => `${one.tagName}.${one.className} to ${Math.round(one.getBoundingClientRect().right)}px`);
}"""

TOO_SMALL = """() => [...document.querySelectorAll('a, button, input, select, textarea, summary')]
  .filter((one) => one.checkVisibility() && one.type !== 'hidden')
  .filter((one) => getComputedStyle(one).display !== 'inline')
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.width > 1 && (box.width < 24 || box.height < 24))
  .filter(([one]) => !(one.labels && one.labels.length && one.labels[0].getBoundingClientRect().height >= 24))
  .map(([one, box]) => `${one.tagName} “${one.textContent.trim().slice(0, 30)}” ${box.width}×${box.height}`)
"""

OUTLINE = """() => ({
  lang: document.documentElement.lang,
  headings: [...document.querySelectorAll('h1')].map((one) => one.textContent.trim()),
  title: document.title.trim(),
  twins: [...document.querySelectorAll('[id]')].map((one) => one.id)
    .filter((id, place, all) => all.indexOf(id) !== place),
})"""


@lru_cache(maxsize=1)
def axe_source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text()


def grave_faults(page: Page, *, only: tuple[str, ...] = ()) -> list[str]:
    """What axe finds serious or critical on the page as it is now; ``only`` names the rules to look at."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(axe_source())
    found = page.evaluate(
        """([tags, only]) => axe.run(document, {
          runOnly: only.length ? {type: 'rule', values: only} : {type: 'tag', values: tags},
          rules: only.length ? {} : {'target-size': {enabled: true}},
          resultTypes: ['violations'],
          preload: false,
        })""",
        [TAGS, list(only)],
    )
    return [told(fault) for fault in found["violations"] if fault["impact"] in GRAVE]


def told(fault: dict[str, Any]) -> str:
    places = "; ".join(node["html"][:160] for node in fault["nodes"][:3])
    reason = fault["nodes"][0]["failureSummary"].replace("\n", " ")[:200]
    return f"{fault['id']} ({fault['impact']}): {reason} at {places}"


def wider_than_the_screen(page: Page) -> list[str]:
    """What makes the page scroll sideways."""
    found: list[str] = page.evaluate(WIDER_THAN_THE_SCREEN)
    return found


def too_small_to_press(page: Page) -> list[str]:
    """Controls below 24 × 24 px; links inside running text are allowed to be."""
    found: list[str] = page.evaluate(TOO_SMALL)
    return found


def faults_of_outline(page: Page, language: str) -> list[str]:
    """A page says its language, has one first heading, a title, and no two elements of one id."""
    outline = page.evaluate(OUTLINE)
    faults = []
    if outline["lang"] != language:
        faults.append(f"lang is {outline['lang']!r}")
    if len(outline["headings"]) != 1 or not outline["headings"][0]:
        faults.append(f"first headings: {outline['headings']}")
    if not outline["title"]:
        faults.append("no title")
    if outline["twins"]:
        faults.append(f"ids used twice: {outline['twins']}")
    return faults
