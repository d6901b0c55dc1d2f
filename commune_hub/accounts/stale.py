"""What nobody needs any more of signing in: sign-ins that have run out, codes, tries."""

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from commune_hub.accounts.models import SignIn, SignInAttempt, SignInCode
from commune_hub.accounts.rules import TRY_WINDOW

# A code that has run out still counts for the limit of codes for a while.
CODES_KEPT = timedelta(days=1)


def forget_stale(session: Session, *, now: datetime) -> None:
    """Drop it; a code that can no longer be used loses its sealed digits at once."""
    session.execute(delete(SignIn).where(SignIn.expires_at <= now))
    session.execute(delete(SignInCode).where(SignInCode.expires_at <= now - CODES_KEPT))
    session.execute(update(SignInCode).where(SignInCode.expires_at <= now).values(code_sealed=None))
    session.execute(delete(SignInAttempt).where(SignInAttempt.at <= now - 4 * TRY_WINDOW))
