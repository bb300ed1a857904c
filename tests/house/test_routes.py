"""Every address: guarded by name, spelled in one way, safe to look at."""

from __future__ import annotations

import re

from flask import Flask
from werkzeug.routing import Rule

GUARDS = {"public", "token", "bearer", "person", "moderator", "webhook"}
WRITES = re.compile(
    r"(^|_)(make|create|add|delete|remove|withdraw|validate|confirm|publish|reject|hide|invalidate|decide|"
    r"approve|start|send|pay|claim|vote|end|set|update|save|sign_out)(_|$)"
)
PAGES_NAMED_LIKE_VERBS = {
    "organizing.claim",
    "actions.vote",
    "actions.vote_link",
    "pledges.pledge_link",
}
"""GET shows the form; POST is the verb."""


def name_of(rule: Rule) -> str:
    return f"{rule.rule} ({rule.endpoint})"


def test_every_view_wears_exactly_one_guard(house: Flask, routes: list[Rule]) -> None:
    bare = [
        name_of(rule)
        for rule in routes
        if getattr(house.view_functions[rule.endpoint], "guard", None) not in GUARDS
    ]
    assert bare == []


def test_a_view_without_a_guard_would_be_found(house: Flask) -> None:
    """The negative control."""

    def bare() -> str:
        return ""

    assert getattr(bare, "guard", None) not in GUARDS


def test_an_address_that_only_answers_get_is_not_named_like_a_verb(routes: list[Rule]) -> None:
    named = [
        name_of(rule)
        for rule in routes
        if "POST" not in (rule.methods or ()) and WRITES.search(rule.endpoint.partition(".")[2])
    ]
    assert named == []


def test_a_page_named_like_a_verb_takes_a_post(routes: list[Rule]) -> None:
    posting = {rule.endpoint for rule in routes if "POST" in (rule.methods or ())}
    assert posting >= PAGES_NAMED_LIKE_VERBS


def test_what_needs_a_person_lies_under_a_path_of_its_own(house: Flask, routes: list[Rule]) -> None:
    public = {"public", "token"}
    desks = re.compile(r"/(desk|moderation|me)(/|$)")
    open_doors = [
        name_of(rule)
        for rule in routes
        if desks.match(rule.rule) and getattr(house.view_functions[rule.endpoint], "guard", None) in public
    ]
    assert open_doors == []


def test_moderation_is_for_moderators_alone(house: Flask, routes: list[Rule]) -> None:
    for rule in routes:
        is_moderation = rule.rule.startswith("/moderation")
        guard = getattr(house.view_functions[rule.endpoint], "guard", None)
        assert is_moderation == (guard == "moderator"), name_of(rule)


def test_letter_links_are_for_whoever_holds_them(house: Flask, routes: list[Rule]) -> None:
    for rule in routes:
        if "<token>" in rule.rule and rule.endpoint != "people.sign_in":
            assert getattr(house.view_functions[rule.endpoint], "guard", None) == "token", name_of(rule)


def test_addresses_are_lower_case_with_hyphens_and_no_slash_at_the_end(routes: list[Rule]) -> None:
    shape = re.compile(r"/|(/([a-z0-9]|<[^<>]+>)([a-z0-9.-]|<[^<>]+>)*)+")
    odd = [name_of(rule) for rule in routes if not shape.fullmatch(rule.rule)]
    assert odd == []


def test_ids_in_addresses_are_typed(routes: list[Rule]) -> None:
    untyped = [name_of(rule) for rule in routes if re.search(r"<[a-z_]*_?id>", rule.rule)]
    assert untyped == []


def test_the_public_surface_is_there(routes: list[Rule]) -> None:
    """Other people's scripts rely on these; taking one away is a decision, not an accident."""
    there = {(rule.rule, method) for rule in routes for method in rule.methods or ()}
    promised = {
        ("/session", "GET POST"),
        ("/petitions", "GET"),
        ("/petitions/new", "GET POST"),
        ("/petitions/<slug>", "GET"),
        ("/petitions/<slug>/signatures", "POST"),
        ("/signatures/<token>", "GET POST"),
        ("/signatures/<token>/withdrawal", "GET POST"),
        ("/petitions/<slug>/pledges", "POST"),
        ("/pledges/<token>", "GET POST"),
        ("/pledges/<token>/withdrawal", "GET POST"),
        ("/actions/<slug>", "GET"),
        ("/me", "GET"),
        ("/desk", "GET"),
        ("/moderation", "GET"),
        ("/books", "GET"),
        ("/api/v1/petitions", "GET"),
        ("/api/v1/petitions/<slug>", "GET"),
        ("/api/v1/openapi.json", "GET"),
        ("/embed/v1/<slug>", "GET"),
        ("/embed/v1/<slug>.svg", "GET"),
        ("/embed/v1/<slug>.json", "GET"),
        ("/embed/v1/loader.js", "GET"),
        ("/embed/v1.<int:minor>.<int:patch>/loader.js", "GET"),
        ("/dev/letters", "GET"),
        ("/livez", "GET"),
        ("/readyz", "GET"),
        ("/metrics", "GET"),
    }
    wanted = {(rule, method) for rule, methods in promised for method in methods.split()}
    assert wanted - there == set()
