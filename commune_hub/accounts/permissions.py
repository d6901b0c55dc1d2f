"""Who may: one table that reads as law, and the acting person."""

from dataclasses import dataclass

from commune_hub.accounts.words import Permission, Role

# Closed by default: what does not stand here is not allowed.
GRANTED: dict[Permission, frozenset[Role]] = {
    Permission.PUBLISH: frozenset({Role.OFFICER, Role.COORDINATOR, Role.ASTI}),
    Permission.SEE_SIGNUPS: frozenset({Role.OFFICER, Role.COORDINATOR, Role.ASTI}),
    Permission.SIGN_UP_OTHERS: frozenset({Role.OFFICER, Role.COORDINATOR, Role.ASTI}),
    Permission.TAKE_ATTENDANCE: frozenset({Role.OFFICER, Role.COORDINATOR, Role.ASTI}),
    # Attendance after the day on which it is locked.
    Permission.CORRECT_LATE: frozenset({Role.COORDINATOR, Role.ASTI}),
    Permission.EDIT_VENUES: frozenset({Role.OFFICER, Role.COORDINATOR, Role.ASTI}),
    Permission.EXPORT_ACTIVITIES: frozenset({Role.OFFICER, Role.COORDINATOR, Role.ASTI}),
    Permission.INVITE: frozenset({Role.COORDINATOR, Role.ASTI, Role.ADMIN}),
    Permission.SEE_OUTBOX: frozenset({Role.ADMIN}),
    Permission.SET_THEME: frozenset({Role.COORDINATOR, Role.ADMIN}),
    # Whose certificates stands in events/permissions.py (RELEASERS): it depends on the kind of the activity.
    Permission.RELEASE_CERTIFICATES: frozenset(
        {Role.OFFICER, Role.COORDINATOR, Role.ASTI, Role.NATIONAL_OFFICER, Role.DIRECTOR}
    ),
    Permission.SEE_COURSES: frozenset(
        {Role.OFFICER, Role.COORDINATOR, Role.ASTI, Role.NATIONAL_OFFICER, Role.DIRECTOR}
    ),
    # The authority says which conventions are good, and invites those who have signed.
    Permission.CONFIRM_CONVENTIONS: frozenset({Role.NATIONAL_OFFICER, Role.DIRECTOR}),
    Permission.INVITE_SIGNATORIES: frozenset({Role.NATIONAL_OFFICER, Role.DIRECTOR}),
    # "Valid" or "not found" for somebody who stands at the counter, and nothing else.
    Permission.ASK_RECORD: frozenset({Role.OFFICER, Role.COORDINATOR}),
    Permission.DECIDE_PAPERS: frozenset({Role.NATIONAL_OFFICER, Role.DIRECTOR}),
    # Where the record has no wire: an officer reads it and notes what it says.
    Permission.ANSWER_FOR_RECORD: frozenset({Role.NATIONAL_OFFICER, Role.DIRECTOR}),
    Permission.READ_TRACES: frozenset({Role.AUDITOR}),
    # Two people who are one; a coordinator those who were at the own meetings, ASTI everybody.
    Permission.MERGE_PEOPLE: frozenset({Role.COORDINATOR, Role.ASTI}),
    # The director answers for the data (RGD art. 27); the list tells who has a contract, so communes do not see it.
    Permission.DECIDE_RETENTION: frozenset({Role.NATIONAL_OFFICER, Role.DIRECTOR}),
    # Somebody at the counter asks for a coach; who has asked, and all pairs, are seen by ASTI alone.
    Permission.ASK_FOR_COACH: frozenset({Role.OFFICER, Role.COORDINATOR, Role.ASTI}),
    Permission.CARE_FOR_PAIRS: frozenset({Role.ASTI}),
    # Officers of a provider (association or authority) only: events/permissions.py (must_take_venues).
    Permission.TAKE_VENUES: frozenset({Role.OFFICER, Role.COORDINATOR, Role.NATIONAL_OFFICER, Role.DIRECTOR}),
    # Coaches for those who wait, in the whole country.
    Permission.MAKE_PAIRS: frozenset({Role.ASTI}),
    # Where help is missing, in numbers of at least five people.
    Permission.SEE_GAPS: frozenset(
        {Role.OFFICER, Role.COORDINATOR, Role.ASTI, Role.NATIONAL_OFFICER, Role.DIRECTOR}
    ),
    # The volunteers who work for the own organisation; ASTI sees all of them: volunteers/permissions.py.
    Permission.SEE_VOLUNTEERS: frozenset({Role.OFFICER, Role.COORDINATOR, Role.ASTI}),
    Permission.LOOK_AFTER_VOLUNTEERS: frozenset({Role.ASTI}),
    Permission.ASK_SUPPORT: frozenset({Role.OFFICER, Role.COORDINATOR}),
}

# A coordinator invites into the own organisation only; an admin gives any role.
MAY_INVITE: dict[Role, frozenset[Role]] = {
    Role.COORDINATOR: frozenset({Role.OFFICER, Role.COORDINATOR}),
    Role.ASTI: frozenset({Role.ASTI, Role.OFFICER, Role.COORDINATOR}),
    Role.ADMIN: frozenset(Role),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account with its roles, each with the organisation (database id) it is held in, or None."""

    account_id: int
    person_id: int
    public_id: str
    roles: tuple[tuple[Role, int | None], ...]

    def may(self, permission: Permission, organisation_id: int | None) -> bool:
        """Whether a role of this person gives the permission, in that organisation or everywhere."""
        return any(
            role in GRANTED[permission] and (held_in is None or held_in == organisation_id)
            for role, held_in in self.roles
        )

    def may_somewhere(self, permission: Permission) -> bool:
        """Whether the permission is held in at least one organisation."""
        return any(role in GRANTED[permission] for role, _ in self.roles)

    def organisation_ids(self, permission: Permission) -> frozenset[int] | None:
        """The organisations in which the permission is held; None means all of them."""
        held = {held_in for role, held_in in self.roles if role in GRANTED[permission]}
        return None if None in held else frozenset(number for number in held if number is not None)
