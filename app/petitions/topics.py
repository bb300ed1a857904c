"""Topics: the short list from which an organizer may choose one, and what archives called the same."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

TOPICS: dict[str, Any] = {
    "environment": _l("Environment and climate"),
    "transport": _l("Transport and streets"),
    "housing": _l("Housing and cities"),
    "education": _l("Education and children"),
    "health": _l("Health and care"),
    "economy": _l("Work and economy"),
    "rights": _l("Rights and equality"),
    "safety": _l("Safety and justice"),
    "food": _l("Food and farming"),
    "animals": _l("Animals"),
    "culture": _l("Culture and sport"),
    "neighbourhood": _l("Neighbourhood"),
    "government": _l("Politics and government"),
    "world": _l("World and defence"),
}
"""Code → name, in the order of the list. A code stays for good: addresses and stored petitions hold it."""

CATEGORIES = {
    "environment": (
        "안전/환경",
        "Environment",
        "Climate Change",
        "Energy",
        "Natural Resources",
        "Department for Environment, Food and Rural Affairs",
    ),
    "transport": (
        "교통/건축/국토",
        "Transportation and Infrastructure",
        "Department for Transport",
    ),
    "housing": ("Housing", "Department for Levelling Up, Housing and Communities"),
    "education": ("육아/교육", "Education", "Family", "Department for Education"),
    "health": (
        "보건복지",
        "저출산/고령화대책",
        "Health Care",
        "Disabilities",
        "Social Security",
        "covid-19",
        "Department of Health and Social Care",
    ),
    "economy": (
        "일자리",
        "경제민주화",
        "성장동력",
        "Budget and Taxes",
        "Economy",
        "Job Creation",
        "Labor",
        "Small Business",
        "Consumer Protections",
        "HM Treasury",
        "Department for Business, Energy and Industrial Strategy",
        "Department for Work and Pensions",
    ),
    "rights": (
        "인권/성평등",
        "Civil Rights and Liberties",
        "Human Rights",
        "Women's Issues",
        "race-and-equality",
    ),
    "safety": (
        "Criminal Justice and Law Enforcement",
        "Firearms",
        "Homeland Security and Disaster Relief",
        "Home Office",
        "Ministry of Justice",
    ),
    "food": ("농산어촌", "Agriculture", "Rural Policy"),
    "animals": ("반려동물",),
    "culture": (
        "문화/예술/체육/언론",
        "Arts and Humanities",
        "Department for Digital, Culture, Media and Sport",
    ),
    "government": (
        "정치개혁",
        "행정",
        "Government Reform",
        "Regulatory Reform",
        "Cabinet Office",
        "Office of the Leader of the House of Commons",
    ),
    "world": (
        "외교/통일/국방",
        "Foreign Policy",
        "Defense",
        "Veterans and Military Families",
        "Foreign, Commonwealth & Development Office",
        "Department for International Trade",
        "Ministry of Defence",
    ),
}
"""What the imported archives call our topics; their other categories have no counterpart."""

TOPIC_OF = {category: topic for topic, categories in CATEGORIES.items() for category in categories}


def topic_of(category: str | None) -> str | None:
    """Our topic for the category of an imported petition; None where there is none like it."""
    return TOPIC_OF.get((category or "").strip())
