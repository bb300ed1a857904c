"""Subscriptions: money every month, told before it is taken, and passed on to the organizer every month.

A pledge of the kind ``recurring`` becomes a subscription when its action begins. A week before a month its
sums are told (:mod:`.noticing`); on the 1st each is owed, and billed once it is worth a charge
(:mod:`.running`); a bill is charged, and tried again when that fails (:mod:`.billing`); what came in goes to
the organizer once a month (:mod:`.passing_on`). Every step finds from the rows alone what is left to do, so
it can die anywhere and be done twice; one person's trouble stops nobody else.
"""
