"""The letters of this room: each function says what one of them says, in the language being spoken.

No letter repeats the name or the reason that a signer typed: whoever knows an address could otherwise
make us carry their words to it.
"""

from __future__ import annotations

from urllib.parse import quote

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from app.mail.posting import Draft
from app.people.models import Person
from app.web.formatting import day, format_money_short, measured, moment, number, percent_text
from app.web.links import absolute

from .addresses import petition_url
from .confirming import signature_token
from .following import unsubscribe_url
from .launching import sponsor_token
from .models import Petition, Signature, Threshold, Update
from .reasons import LAPSED, rejection_sentence

LONGEST_EXCERPT = 600
BOTH = 2
"""Thresholds of a petition that asks for signatures and one kind of pledge."""


def confirm_signature(signature: Signature, petition: Petition, via: str = "") -> Draft:
    """To the signer: the one link that makes the signature count; it names the site they came ``via``.

    A draft that looks for its sponsors has been read by nobody here, so its letter does not quote it.
    """
    if signature.sponsor:
        return Draft(
            subject=_("Confirm your signature as a sponsor"),
            lines=[
                _("Somebody signed the draft of a petition with this address, as one of its sponsors."),
                _("If that was you, open the link and press the button. Your signature counts then."),
            ],
            link=(_("Confirm my signature"), signature_url(signature, via)),
            after=[_("With enough sponsors the petition goes to review and then opens for everybody.")],
        )
    return Draft(
        subject=_("Confirm your signature: %(title)s", title=petition.title),
        lines=[
            _("Somebody signed “%(title)s” with this address.", title=petition.title),
            _("If that was you, open the link and press the button. Your signature counts then."),
        ],
        link=(_("Confirm my signature"), signature_url(signature, via)),
        after=[_("If this was not you, do nothing: nothing counts, and no further letter comes.")],
    )


def signature_repeated(signature: Signature, petition: Petition, via: str = "") -> Draft:
    """To an address that signed again: the confirmation once more, or that it counts already."""
    if signature.state != "validated" or signature.validated_at is None:
        return confirm_signature(signature, petition, via)
    signed_on = day(signature.validated_at)
    return Draft(
        subject=_("You have signed already: %(title)s", title=petition.title),
        lines=[
            _("Somebody signed “%(title)s” with this address again.", title=petition.title),
            _("Your signature counts since %(day)s, once. There is nothing left to do.", day=signed_on),
        ],
        link=(_("Look at my signature"), signature_url(signature)),
        more_links=[(_("Take my signature back"), withdrawal_url(signature))],
    )


def petition_launched(petition: Petition) -> Draft:
    """To the organizer: the private link that collects the first signatures."""
    needed = ngettext("%(num)d sponsor", "%(num)d sponsors", petition.sponsors_needed)
    return Draft(
        subject=_("Find your first signers: %(title)s", title=petition.title),
        lines=[
            _("“%(title)s” is written. It now needs %(sponsors)s.", title=petition.title, sponsors=needed),
            _("Send this private link to people you know. When enough have signed, it goes to review."),
        ],
        link=(_("The link for sponsors"), absolute("petitions.sponsor", token=sponsor_token(petition))),
        more_links=[(_("Go to my desk"), desk_url(petition))],
    )


def petition_to_review(petition: Petition) -> Draft:
    """To the moderators: one more waits."""
    return Draft(
        subject=_("To review: %(title)s", title=petition.title),
        lines=[_("“%(title)s” has its sponsors and waits for your decision.", title=petition.title)],
        link=(_("Read and decide"), absolute("moderation.petition", slug=petition.slug)),
    )


def petition_hidden(petition: Petition) -> Draft:
    """To the organizer: out of sight while it is looked into."""
    return Draft(
        subject=_("Hidden for now: %(title)s", title=petition.title),
        lines=[
            _("A moderator has taken “%(title)s” out of sight to look into a report.", title=petition.title),
            _("Nothing is lost: signatures and pledges stay, and you get a letter with the outcome."),
        ],
        link=(_("Go to my desk"), desk_url(petition)),
    )


def petition_removed(petition: Petition, person: Person) -> Draft:
    """To the organizer with the reason, and to whoever signed or pledged: it was taken down for good."""
    subject = _("Taken down: %(title)s", title=petition.title)
    what_of_money = (
        _("Nobody was charged: every pledge to it has lapsed.")
        if petition.fired_at is None
        else _("Its money had been settled before, and stays as it is.")
    )
    if petition.organizer_id == person.id:
        return Draft(
            subject=subject,
            lines=[
                _("A moderator has taken “%(title)s” down for good.", title=petition.title),
                rejection_sentence(petition.rejection),
                what_of_money,
            ],
            link=(_("Go to my desk"), desk_url(petition)),
        )
    return Draft(
        subject=subject,
        lines=[
            _("A moderator has taken “%(title)s”, which you supported, down for good.", title=petition.title),
            what_of_money,
            _("You need not do anything."),
        ],
    )


def petition_submitted(petition: Petition) -> Draft:
    """To the organizer: enough sponsors have signed."""
    sponsors = ngettext(
        "%(num)d sponsor has signed", "%(num)d sponsors have signed", petition.signatures.tally
    )
    return Draft(
        subject=_("In review: %(title)s", title=petition.title),
        lines=[
            _("%(sponsors)s, so “%(title)s” goes to review.", sponsors=sponsors, title=petition.title),
            _("A moderator reads it next. You get a letter with the decision; there is nothing to do now."),
        ],
        link=(_("Go to my desk"), desk_url(petition)),
    )


def petition_opened(petition: Petition, person: Person) -> Draft:
    """To the organizer and the sponsors: everybody can sign now."""
    if petition.organizer_id == person.id:
        return Draft(
            subject=_("Open: %(title)s", title=petition.title),
            lines=[
                _("“%(title)s” is open for signatures and pledges.", title=petition.title),
                _("Share its address today: the first week decides most petitions."),
            ],
            link=(_("See the petition"), petition_url(petition.slug)),
            more_links=[(_("Go to my desk"), desk_url(petition))],
        )
    return Draft(
        subject=_("Open: %(title)s", title=petition.title),
        lines=[
            _("“%(title)s”, which you sponsored, is open for everybody.", title=petition.title),
            _("Your signature is counted in. Pass the address on."),
        ],
        link=(_("See the petition"), petition_url(petition.slug)),
        unsubscribe_url=unsubscribe_url(petition.id, person.id),
    )


def petition_rejected(petition: Petition) -> Draft:
    """To the organizer: it is not published, and why."""
    lines = [
        _("“%(title)s” was not published.", title=petition.title)
        if petition.rejection == LAPSED
        else _("A moderator read “%(title)s” and decided not to publish it.", title=petition.title),
        rejection_sentence(petition.rejection),
        _("You may start again with a changed petition."),
    ]
    return Draft(
        subject=_("Not published: %(title)s", title=petition.title),
        lines=[line for line in lines if line],
        link=(_("Go to my desk"), desk_url(petition)),
    )


def petition_tipped(petition: Petition, person: Person) -> Draft:
    """To everybody who follows: both thresholds hold and the verification window runs."""
    many = len(petition.thresholds) > BOTH
    lines = [
        _("Every threshold of “%(title)s” holds.", title=petition.title)
        if many
        else _("Both thresholds of “%(title)s” hold.", title=petition.title),
        *[threshold_words(threshold) for threshold in petition.thresholds],
    ]
    if petition.window_ends_at is not None:
        lines.append(what_follows(petition, moment(petition.window_ends_at)))
    return Draft(
        subject=_("Every threshold reached: %(title)s", title=petition.title)
        if many
        else _("Both thresholds reached: %(title)s", title=petition.title),
        lines=lines,
        link=(_("See the petition"), petition_url(petition.slug)),
        unsubscribe_url=unsubscribe_url(petition.id, person.id),
    )


def petition_untipped(petition: Petition, person: Person) -> Draft:
    """To everybody who follows: a threshold was lost again inside the window."""
    return Draft(
        subject=_("A threshold was lost again: %(title)s", title=petition.title),
        lines=[
            _("Signatures or pledges of “%(title)s” fell below a threshold again.", title=petition.title),
            *[threshold_words(threshold) for threshold in petition.thresholds],
            _("Nothing was charged. It stays open until its deadline; one more neighbour may be enough."),
        ],
        link=(_("See the petition"), petition_url(petition.slug)),
        unsubscribe_url=unsubscribe_url(petition.id, person.id),
    )


def petition_answered(petition: Petition, person: Person) -> Draft:
    """To everybody who follows: the addressee has answered."""
    return Draft(
        subject=_("An answer: %(title)s", title=petition.title),
        lines=[
            _("%(addressee)s has answered “%(title)s”.", addressee=petition.addressee, title=petition.title),
            excerpt(petition.response_text or ""),
        ],
        link=(_("Read the answer"), petition_url(petition.slug)),
        unsubscribe_url=unsubscribe_url(petition.id, person.id),
    )


def petition_updated(update: Update, petition: Petition, person: Person) -> Draft:
    """To everybody who follows: news from the organizer."""
    return Draft(
        subject=_("News: %(title)s", title=update.title),
        lines=[
            _("News about “%(title)s”, which you support:", title=petition.title),
            update.title,
        ],
        link=(_("Read the news"), petition_url(petition.slug)),
        after=[excerpt(update.text)],
        unsubscribe_url=unsubscribe_url(petition.id, person.id),
    )


def what_follows(petition: Petition, until: str) -> str:
    """The check of the signatures, and what happens after it."""
    if len(petition.thresholds) == BOTH and all(t.measure == "money" for t in petition.pledge_thresholds):
        return str(
            _(
                "Signatures are checked until %(moment)s. If both thresholds still hold then, "
                "the pledges are collected and the plan begins.",
                moment=until,
            )
        )
    return str(
        _(
            "Signatures are checked until %(moment)s. If every threshold still holds then, "
            "it becomes an action and the plan begins.",
            moment=until,
        )
    )


def threshold_words(threshold: Threshold) -> str:
    """One threshold in a line: what there is, what there must be, and the per cent."""
    share = percent_text(threshold.tally, threshold.target)
    if threshold.measure == "money" and threshold.currency:
        tally = format_money_short(threshold.tally, threshold.currency)
        target = format_money_short(threshold.target, threshold.currency)
        return str(_("Pledged: %(tally)s of %(target)s (%(share)s)", tally=tally, target=target, share=share))
    if threshold.measure != "signatures":
        tally, target = number(threshold.tally), measured(threshold.measure, threshold.target)
        return str(
            _("Promised: %(tally)s of %(target)s (%(share)s)", tally=tally, target=target, share=share)
        )
    tally, target = number(threshold.tally), number(threshold.target)
    return str(_("Signatures: %(tally)s of %(target)s (%(share)s)", tally=tally, target=target, share=share))


def excerpt(text: str) -> str:
    """The beginning of a text in one paragraph, cut between words."""
    words = " ".join(text.split())
    if len(words) <= LONGEST_EXCERPT:
        return words
    return words[:LONGEST_EXCERPT].rsplit(" ", 1)[0] + " …"


def signature_url(signature: Signature, via: str = "") -> str:
    return absolute("petitions.signature", token=signature_token(signature.id, via))


def withdrawal_url(signature: Signature) -> str:
    return absolute("petitions.withdrawal", token=signature_token(signature.id))


def desk_url(petition: Petition) -> str:
    """The organizer's own page about the petition."""
    base: str = current_app.config["DURE"].base_url
    return f"{base}/desk/{quote(petition.slug)}"
