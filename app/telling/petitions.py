"""Letters about a petition: to its organizer, the moderators and everybody who follows it."""

from __future__ import annotations

from collections.abc import Callable

from app.db import db
from app.mail.posting import Draft
from app.people.models import Person
from app.petitions import letters
from app.petitions.models import Petition, Update

from .posting import backers_of, followers_of, moderators, organizer_of, tell


def about(petition_id: str, write: Callable[[Petition, Person], Draft]) -> Callable[[Person], Draft]:
    """The draft for one reader, with the petition as it is when the letter is written."""
    return lambda person: write(db.session.get_one(Petition, petition_id), person)


def readers_of(petition_id: str) -> list[str]:
    """The organizer first, then everybody who follows."""
    organizer = organizer_of(petition_id)
    return organizer + followers_of(petition_id, but=organizer)


def launched(petition_id: str) -> None:
    """To the organizer: the private link for sponsors."""
    write = about(petition_id, lambda petition, _person: letters.petition_launched(petition))
    tell(organizer_of(petition_id), f"launched-{petition_id}", write)


def submitted(petition_id: str) -> None:
    """To the organizer and to the moderators."""
    mine = about(petition_id, lambda petition, _person: letters.petition_submitted(petition))
    theirs = about(petition_id, lambda petition, _person: letters.petition_to_review(petition))
    tell(organizer_of(petition_id), f"submitted-{petition_id}", mine)
    tell(moderators(), f"to-review-{petition_id}", theirs)


def opened(petition_id: str) -> None:
    """To the organizer and the sponsors."""
    tell(readers_of(petition_id), f"opened-{petition_id}", about(petition_id, letters.petition_opened))


def rejected(petition_id: str) -> None:
    """To the organizer, with the reason."""
    write = about(petition_id, lambda petition, _person: letters.petition_rejected(petition))
    tell(organizer_of(petition_id), f"rejected-{petition_id}", write)


def hidden(petition_id: str) -> None:
    """To the organizer: it is being looked into."""
    write = about(petition_id, lambda petition, _person: letters.petition_hidden(petition))
    tell(organizer_of(petition_id), f"hidden-{petition_id}", write)


def removed(petition_id: str) -> None:
    """To the organizer, and to everybody who signed or pledged."""
    readers = dict.fromkeys(readers_of(petition_id) + backers_of(petition_id, "ready"))
    tell(list(readers), f"removed-{petition_id}", about(petition_id, letters.petition_removed))


def untipped(*, petition_id: str, at: str) -> None:
    """To everybody: a threshold was lost inside the window."""
    write = about(petition_id, letters.petition_untipped)
    tell(readers_of(petition_id), f"untipped-{petition_id}-{at}", write)


def answered(petition_id: str) -> None:
    """To everybody who follows: the addressee has answered."""
    write = about(petition_id, letters.petition_answered)
    tell(followers_of(petition_id, but=organizer_of(petition_id)), f"answered-{petition_id}", write)


def updated(update_id: str) -> None:
    """To everybody who follows: the organizer's news."""
    update = db.session.get_one(Update, update_id)
    petition_id, author_id = update.petition_id, update.author_id

    def write(person: Person) -> Draft:
        news = db.session.get_one(Update, update_id)
        return letters.petition_updated(news, db.session.get_one(Petition, petition_id), person)

    tell(followers_of(petition_id, but=[author_id]), f"update-{update_id}", write)
