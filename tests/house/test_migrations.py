"""One line of migrations, and at its end exactly the tables that the models describe."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from commune_hub.base.db import Store
from commune_hub.events.actions import attendance as marks
from commune_hub.events.records import Attendance
from commune_hub.events.words import AttendanceState
from commune_hub.models import metadata
from commune_hub.upgrade import config, downgrade, upgrade
from tests import factories
from tests.house.source import modules


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(config()).get_heads()) == 1


def test_models_equal_migrations(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, metadata)

    assert differences == []


def test_all_models_are_known_to_the_migrations() -> None:
    with_models = {module.name for module in modules() if module.role == "models" and module.room != "models"}
    known = next(module for module in modules() if module.where == "models.py")

    assert with_models - known.imports == set()


def test_who_noted_an_attendance_stays_the_same_through_downgrade_and_upgrade(store: Store) -> None:
    with store.writing() as session:
        meeting = factories.a_meeting(session)
        officer = factories.an_actor(session, organisation=meeting.activity.organisation)
        seat = factories.a_signup(session, meeting.pool)
        marks.mark(
            session, meeting=meeting, person=seat.person, state=AttendanceState.PRESENT, actor=officer,
            now=meeting.starts_at,
        )  # fmt: skip

    downgrade(store, "0002")
    with store.reading() as session:
        by_account = session.execute(text("select noted_by_id from attendance")).scalar()
    upgrade(store)
    with store.reading() as session:
        by_person = session.scalars(select(Attendance.noted_by_id)).one()

    assert (by_account, by_person) == (officer.account_id, officer.person_id)
