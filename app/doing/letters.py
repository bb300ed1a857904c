"""Letters about deeds: to whoever promised, to the organizer, to the moderators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from app.mail.posting import Draft
from app.petitions.models import Petition
from app.pledges.links import letter_token
from app.pledges.models import Pledge
from app.pledges.wording import describe
from app.web.formatting import day, moment, number
from app.web.links import absolute

from .models import Shift

Link = tuple[str, str]


def own_page(pledge: Pledge) -> Link:
    return _("Open my promise"), absolute("doing.mine", token=letter_token(pledge))


def sheet_link(petition: Petition) -> Link:
    return _("Open the sheet"), absolute("doing.desk", slug=petition.slug)


def shifts_link(petition: Petition) -> Link:
    return _("See all shifts"), absolute("doing.shifts", slug=petition.slug)


def calendar_link(pledge: Pledge) -> Link:
    return _("Put my shifts into a calendar"), absolute("doing.my_calendar", token=letter_token(pledge))


def where_and_when(shift: Shift) -> str:
    """Title, place and time of a shift in one line."""
    return str(
        _(
            "%(title)s: %(start)s to %(end)s, %(address)s",
            title=shift.title,
            start=moment(shift.starts_at),
            end=moment(shift.ends_at),
            address=shift.address,
        )
    )


def deed_begun(*, petition: Petition, pledge: Pledge, due: datetime, shifts: int) -> Draft:
    """Everything holds: what was promised falls due."""
    after = [
        _("When you have done it, say so on your page. The organizer says so too; then it counts as kept."),
        _("If you say nothing until seven days after that day, it counts as broken and costs points."),
    ]
    return Draft(
        subject=_("Now it counts: “%(title)s”", title=petition.title),
        lines=[
            _("Hello %(name)s,", name=pledge.name),
            _("enough others promised, and “%(title)s” begins.", title=petition.title),
            _("You promised: %(promise)s. Do it by %(day)s.", promise=describe(pledge), day=day(due)),
            _("Choose your shifts on your page; the places go in the order of asking.")
            if shifts
            else _("As soon as the organizer plans shifts, they stand on your page."),
        ],
        link=own_page(pledge),
        after=after,
        more_links=[shifts_link(petition)],
    )


def deed_reminder(*, petition: Petition, pledge: Pledge, due: datetime, days: int) -> Draft:
    """Three days before, on the day, three days after."""
    promise = describe(pledge)
    if days > 0:
        lines = [
            _(
                "You promised %(promise)s for “%(title)s” by %(day)s, and nobody has said yet that it was "
                "done.",
                promise=promise,
                title=petition.title,
                day=day(due),
            ),
            _(
                "Did you do it? One press on your page says so. "
                "Seven days after that day silence counts as broken."
            ),
        ]
        subject = _("Did you do it? “%(title)s”", title=petition.title)
    else:
        lines = [
            _(
                "You promised %(promise)s for “%(title)s”. It is due by %(day)s.",
                promise=promise,
                title=petition.title,
                day=day(due),
            ),
            _("When you have done it, say so on your page."),
        ]
        subject = _("Due by %(day)s: “%(title)s”", day=day(due), title=petition.title)
    return Draft(subject=subject, lines=lines, link=own_page(pledge), more_links=[shifts_link(petition)])


def return_reminder(*, petition: Petition, pledge: Pledge, due: datetime, days: int) -> Draft:
    """To the lender: their thing comes back, or should have."""
    thing = describe(pledge)
    if days > 0:
        lines = [
            _(
                "“%(thing)s” should have come back to you by %(day)s. Do you have it?",
                thing=thing,
                day=day(due),
            ),
            _("Say so on your page, or say that it is missing: then everybody can see that it is."),
        ]
        subject = _("Is it back? “%(thing)s”", thing=thing)
    else:
        lines = [
            _(
                "“%(thing)s”, which you lent to “%(title)s”, comes back to you by %(day)s.",
                thing=thing,
                title=petition.title,
                day=day(due),
            ),
            _("When you have it, say so on your page. You need not do anything else."),
        ]
        subject = _("“%(thing)s” comes back by %(day)s", thing=thing, day=day(due))
    return Draft(subject=subject, lines=lines, link=own_page(pledge))


def return_reminder_for_organizer(*, petition: Petition, pledge: Pledge, due: datetime, days: int) -> Draft:
    """To the organizer: it has to go back."""
    thing = describe(pledge)
    if days > 0:
        line = _(
            "“%(thing)s” was lent to “%(title)s” until %(day)s, and its owner does not have it yet.",
            thing=thing,
            title=petition.title,
            day=day(due),
        )
    else:
        line = _(
            "“%(thing)s”, lent to “%(title)s”, goes back to its owner by %(day)s.",
            thing=thing,
            title=petition.title,
            day=day(due),
        )
    return Draft(
        subject=_("Bring back by %(day)s: “%(thing)s”", day=day(due), thing=thing),
        lines=[line, _("Bring it back, then mark it on the sheet. The owner is asked whether it arrived.")],
        link=sheet_link(petition),
    )


def shift_letter(*, petition: Petition, pledge: Pledge, shift: Shift, what: str) -> Draft:
    """About one shift: ``taken``, ``waiting``, ``moved_up``, ``soon``, ``changed`` or ``cancelled``."""
    subject, first, then = {
        "taken": (
            _("You have a place: “%(title)s”", title=shift.title),
            _("You have a place on this shift of “%(title)s”:", title=petition.title),
            _("If you cannot come, give the place back on your page: somebody else may be waiting for it."),
        ),
        "waiting": (
            _("You are on the waiting list: “%(title)s”", title=shift.title),
            _("All places of this shift of “%(title)s” are taken:", title=petition.title),
            _("As soon as somebody leaves, the first on the list moves up and gets a letter."),
        ),
        "moved_up": (
            _("A place is free, and it is yours: “%(title)s”", title=shift.title),
            _("Somebody left, and you moved up on this shift of “%(title)s”:", title=petition.title),
            _("If you cannot come any more, give the place back on your page, for the next in line."),
        ),
        "soon": (
            _("Tomorrow: “%(title)s”", title=shift.title),
            _("Your shift for “%(title)s” is near:", title=petition.title),
            _("Check in there: scan the picture at the door, or type its six digits on your page."),
        ),
        "changed": (
            _("Another time or place: “%(title)s”", title=shift.title),
            _("The organizer changed your shift of “%(title)s”. It is now:", title=petition.title),
            _("If that does not suit you, give the place back on your page. Nothing else is lost."),
        ),
        "cancelled": (
            _("Called off: “%(title)s”", title=shift.title),
            _("The organizer called off this shift of “%(title)s”:", title=petition.title),
            _("Your promise stands. Choose another shift on your page, or ask the organizer what to do."),
        ),
    }[what]
    lines = [first, where_and_when(shift)]
    if shift.note and what != "cancelled":
        lines.append(shift.note)
    return Draft(
        subject=subject,
        lines=lines,
        link=own_page(pledge),
        after=[then],
        more_links=[calendar_link(pledge)] if what in {"taken", "moved_up", "soon", "changed"} else [],
    )


def deeds_due(*, petition: Petition, waiting: int) -> Draft:
    """To the organizer, on the due day: these wait for a word."""
    return Draft(
        subject=_("What was done? “%(title)s”", title=petition.title),
        lines=[
            _(
                "Today the promises to “%(title)s” are due. %(waiting)s of them wait for your word.",
                title=petition.title,
                waiting=number(waiting),
            ),
            _(
                "Confirm the hours of everybody who did what they promised. It earns them their points. "
                "Where you say nothing for seven days, their word holds."
            ),
        ],
        link=sheet_link(petition),
    )


def deed_denied(*, petition: Petition, pledge: Pledge) -> Draft:
    """To the person: the organizer says that it was not done."""
    return Draft(
        subject=_("The organizer says it was not done: “%(title)s”", title=petition.title),
        lines=[
            _(
                "You promised %(promise)s for “%(title)s”. The organizer says that it was not done.",
                promise=describe(pledge),
                title=petition.title,
            ),
            _(
                "If it was, say so on your page: then a moderator looks at both words. If you say nothing "
                "for seven days after it was due, it counts as broken and costs twice its points."
            ),
        ],
        link=own_page(pledge),
        after=[_("You can still do it until then, and ask the organizer to correct it.")],
    )


def deed_disputed(*, petition: Petition, pledge: Pledge) -> Draft:
    """To the person: a moderator decides."""
    return Draft(
        subject=_("A moderator decides: “%(title)s”", title=petition.title),
        lines=[
            _(
                "You say that you kept your promise to “%(title)s” (%(promise)s); the organizer says no.",
                title=petition.title,
                promise=describe(pledge),
            ),
            _("A moderator reads both words and decides. Until then nothing counts, for or against you."),
        ],
        link=own_page(pledge),
        after=[_("Either of you can still change their word, which ends it at once.")],
    )


def deed_disputed_for_moderator(*, petition: Petition, pledge: Pledge) -> Draft:
    """To a moderator: two words against each other."""
    return Draft(
        subject=_("Two words against each other: “%(title)s”", title=petition.title),
        lines=[
            _(
                "About a promise to “%(title)s” (%(promise)s) one side says kept and the other says not.",
                title=petition.title,
                promise=describe(pledge),
            ),
            _("Read what both wrote and whether the person checked in, then decide."),
        ],
        link=(_("Open the list"), absolute("doing.disputes")),
    )


def deed_kept(*, petition: Petition, pledge: Pledge, done: str) -> Draft:
    """To the person: it is kept, and thank you."""
    return Draft(
        subject=_("You kept your promise: “%(title)s”", title=petition.title),
        lines=[
            _("Hello %(name)s,", name=pledge.name),
            _("your promise to “%(title)s” is kept: %(done)s. Thank you.", title=petition.title, done=done),
            _("It earned you points; your activity says how many, and why."),
        ],
        link=own_page(pledge),
        more_links=[shifts_link(petition)],
    )


def deed_broken(*, petition: Petition, pledge: Pledge, upheld: bool = False) -> Draft:
    """To the person: it counts as broken, and what can be done about it."""
    if upheld:
        lines: Sequence[str] = [
            _(
                "A moderator read both words about your promise to “%(title)s” (%(promise)s): it stays "
                "broken.",
                title=petition.title,
                promise=describe(pledge),
            )
        ]
        after: Sequence[str] = []
    else:
        lines = [
            _(
                "Your promise to “%(title)s” (%(promise)s) counts as broken. It costs twice its points.",
                title=petition.title,
                promise=describe(pledge),
            )
        ]
        after = [
            _(
                "If you did it after all, say so on your page within thirty days: if the organizer does not "
                "object within seven days, or a moderator agrees with you, the points come back."
            )
        ]
    return Draft(
        subject=_("Not kept: “%(title)s”", title=petition.title),
        lines=lines,
        link=own_page(pledge),
        after=after,
    )


def thing_brought_back(*, petition: Petition, pledge: Pledge) -> Draft:
    """To the lender: the organizer says it is back."""
    return Draft(
        subject=_("Is it back? “%(thing)s”", thing=describe(pledge)),
        lines=[
            _(
                "The organizer of “%(title)s” says that “%(thing)s” is back with you.",
                title=petition.title,
                thing=describe(pledge),
            ),
            _("If it is, you need not do anything. If it is not, say so on your page within seven days."),
        ],
        link=own_page(pledge),
    )


def thing_missed(*, petition: Petition, pledge: Pledge) -> Draft:
    """To the organizer: the lender says it did not come back."""
    return Draft(
        subject=_("Missing: “%(thing)s”", thing=describe(pledge)),
        lines=[
            _(
                "Whoever lent “%(thing)s” to “%(title)s” says that it did not come back.",
                thing=describe(pledge),
                title=petition.title,
            ),
            _("It is listed as missing on the public page until its owner says that it is back."),
        ],
        link=sheet_link(petition),
    )
