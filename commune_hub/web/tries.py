"""Tries to sign in, written down in transactions of their own: they are kept whatever is answered."""

from commune_hub.accounts import attempts
from commune_hub.web.request import db, now, store
from commune_hub.web.security import address_hash


def remembered(purpose: str, who: str) -> int | None:
    """The number of a try that may be judged now, written down as a wrong one; None when there were too many.

    Written before it is judged, so that many at once cannot slip past the limits.
    """
    at = now()
    from_where = address_hash()
    # What this request has read so far holds SQLite's write lock.
    db().rollback()
    with store().writing() as session:
        who_hash = store().keys.lookup_hash(purpose, who)
        attempt = attempts.remember(session, who_hash=who_hash, address_hash=from_where, now=at)
    with store().writing() as session:
        return attempt if attempts.may_go_on(session, attempt_id=attempt, now=at) else None
