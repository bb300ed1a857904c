"""Finding one's way with the keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit
from .site import Site
from .walking import petition_path

pytestmark = pytest.mark.browser

FOCUSED = """() => {
  const one = document.activeElement;
  const drawn = (element) => {
    const style = getComputedStyle(element);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  };
  const box = one.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return {
    name: `${one.tagName} ${one.textContent.trim().slice(0, 30)}`,
    drawn: drawn(one) || Boolean(one.closest('.card') && drawn(one.closest('.card'))),
    shown: box.bottom > 0 && box.top < innerHeight,
    covered: Boolean(top && !one.contains(top) && !top.contains(one) && top.closest('.ask-jump, .status')),
  };
}"""


def steps(page: Page, most: int = 80) -> list[dict[str, object]]:
    """What the Tab key comes to, until it leaves the page."""
    found: list[dict[str, object]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement === document.body"):
            break
        found.append(page.evaluate(FOCUSED))
    return found


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("where", ["/", "/petitions", "petition", "/session", "/books"])
def test_focus_is_always_seen(site: Site, visit: Visit, where: str, width: int) -> None:
    page = visit(width=width)
    page.goto(petition_path(site.open_petition()["slug"]) if where == "petition" else where)
    came_by = steps(page)
    assert len(came_by) > 8
    assert [step["name"] for step in came_by if not (step["drawn"] and step["shown"])] == []
    assert [step["name"] for step in came_by if step["covered"]] == []


def test_the_first_stop_leads_past_the_menu(visit: Visit) -> None:
    page = visit()
    page.goto("/petitions")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.getElementById('main').contains(document.activeElement)")


def test_a_focus_that_is_not_drawn_is_noticed(visit: Visit) -> None:
    """The negative control."""
    page = visit()
    page.set_content(
        "<button style='outline:0'>unseen</button><button style='outline:3px solid'>seen</button>"
    )
    assert [step["drawn"] for step in steps(page)] == [False, True]
