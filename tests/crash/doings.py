"""What is done while somebody pulls the plug, and how one sees that nothing is lost, doubled or invented."""

import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select

from commune_hub import backup, upgrade
from commune_hub.accounts import actions as accounts
from commune_hub.accounts.models import Organisation, Person
from commune_hub.accounts.queries import actor_of
from commune_hub.app import create_app
from commune_hub.base.db import Store
from commune_hub.base.outbox import Job
from commune_hub.events import certificates as reckoning
from commune_hub.events import queries, roll
from commune_hub.events.actions import attendance, importing
from commune_hub.events.actions import certificates as issuing
from commune_hub.events.models import Activity, Meeting, SeatPool, Signup
from commune_hub.events.records import Attendance, AttendanceChange, Certificate
from commune_hub.events.words import AttendanceState, CertificateState
from commune_hub.models import metadata
from tests import factories
from tests.crash.victims import Doing, Facts, Heard, Scene
from tests.events.test_certificates import LATER, a_table, noted
from tests.events.test_importing import ROW

DURING = factories.NOW + timedelta(days=2, hours=7, minutes=45)  # ten minutes and more into the meeting


def client_of(scene: Scene, clock: Any) -> FlaskClient:
    """The app of the victim, made once."""
    if "client" not in scene.own:
        app = create_app(scene.settings, store=scene.store, clock=lambda: clock)
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        scene.own["client"] = app.test_client()
        if token := scene.facts.get("token"):
            scene.own["client"].set_cookie("signin", token)
    client: FlaskClient = scene.own["client"]
    return client


# -- sign-up -------------------------------------------------------------------


def _a_table(store: Store) -> Facts:
    with store.writing() as session:
        pool = factories.a_pool(session, capacity=40, waiting_room=500)
        return {"pool": pool.public_id, "activity": pool.activity.public_id}


def _sign_up(scene: Scene, number: int) -> str:
    form = {
        "pool": scene.facts["pool"], "name": f"P{number}", "contact": f"p{number}@example.lu",
        "form_token": f"press {number}",
    }  # fmt: skip
    answer = client_of(scene, factories.NOW).post(f"/en/a/{scene.facts['activity']}/sign-up", data=form)
    assert "/b/" in answer.location, answer.location
    return answer.location.rsplit("/", 1)[1]


def _all_seats_are_right(scene: Scene, heard: Heard) -> None:
    with scene.store.reading() as session:
        rows = session.scalars(select(Signup)).all()
        found = Counter(row.person.name for row in rows)
        keys = {row.person.name: row.link_key for row in rows}
        mails = session.scalar(select(func.count()).where(Job.kind == "signup_mail"))
        pool = session.scalars(select(SeatPool)).one()
        counted, counts = (pool.taken, pool.waiting), queries.true_counts(session, pool.id)
        people = session.scalar(select(func.count()).select_from(Person))
    assert {f"P{number}": key for number, key in heard.told.items()}.items() <= keys.items(), "lost"
    assert set(found) <= {f"P{number}" for number in heard.begun}, "invented"
    assert (max(found.values(), default=1), people, mails) == (1, len(rows), len(rows)), "doubled"
    assert counted == counts
    assert counts[0] == min(40, len(rows))


def _tell_too_early(scene: Scene, number: int) -> str:
    """The negative control: what is told before it is written down must be found to be lost."""
    before = scene.own.pop("open", None)
    time.sleep(0.05)
    if before is not None:
        before.commit()
        before.close()
    session = scene.own["open"] = scene.store.open(write=True)
    person = factories.a_person(session, name=f"P{number}")
    pool = queries.pool_named(session, scene.facts["pool"])
    return factories.a_signup(session, pool, person=person).link_key


# -- attendance ----------------------------------------------------------------


def _an_evening(store: Store) -> Facts:
    with store.writing() as session:
        organisation = factories.an_organisation(session)
        meeting = factories.a_meeting(session, organisation=organisation, capacity=12)
        people = [factories.a_signup(session, meeting.pool).person.public_id for _ in range(6)]
        account = factories.an_account(session, organisation=organisation)
        token = accounts.sign_in_staff(session, account=account, now=DURING, second_factor=True)
        return {"meeting": meeting.public_id, "people": people, "token": token}


def _tap(scene: Scene, number: int) -> str:
    person = scene.facts["people"][number % 6]
    tap = {
        "key": f"tap-{number:08}", "at": int((DURING + timedelta(milliseconds=number)).timestamp() * 1000),
        "touch": "absent" if number % 4 else "present", "person": person,
    }  # fmt: skip
    url = f"/en/staff/meetings/{scene.facts['meeting']}/attendance/taps"
    later = DURING + timedelta(minutes=5)
    answer = client_of(scene, later).post(url, json={"taps": [tap]})
    assert answer.status_code == 200, answer.text
    return str(answer.get_json()["marks"][person][0])


def _every_tap_counts_once(scene: Scene, heard: Heard) -> None:
    with scene.store.reading() as session:
        meeting = queries.meeting_named(session, scene.facts["meeting"])
        people = [roll.person_named(session, one) for one in scene.facts["people"]]
        keys = {
            attendance.key_of(meeting, f"tap-{number:08}", people[number % 6]): number for number in heard.begun
        }  # fmt: skip
        found = Counter(session.scalars(select(AttendanceChange.tap)))
        marks = {line.person_id: str(line.state) for line in roll.roll_of(session, meeting).lines}
    assert set(found) <= set(keys), "invented"
    assert max(found.values(), default=1) == 1, "doubled"
    written = {keys[key] for key in found}
    assert set(heard.told) <= written, "lost"
    for place, person in enumerate(scene.facts["people"]):
        last = max((number for number in written if number % 6 == place), default=None)
        expected = "unknown" if last is None else "absent" if last % 4 else "present"
        assert marks[person] == expected


# -- certificates --------------------------------------------------------------


def _a_season(store: Store) -> Facts:
    with store.writing() as session:
        activity = a_table(session)
        for number in range(4):
            person = factories.a_person(session, name=f"P{number}")
            noted(session, activity, person, [AttendanceState.PRESENT] * 4)
        return {"activity": activity.public_id}


def _certify(scene: Scene, number: int) -> int:
    """Somebody's attendance is corrected; the certificates follow and are issued, as the worker does it."""
    with scene.store.writing() as session:
        activity = queries.activity_named(session, scene.facts["activity"])
        rows = session.scalars(select(Attendance).order_by(Attendance.id)).all()
        row = rows[number % len(rows)]
        present = row.state == AttendanceState.PRESENT
        row.state = AttendanceState.ABSENT if present else AttendanceState.PRESENT
    with scene.store.writing() as session:
        issuing.prepare(session, activity=session.merge(activity), now=LATER)
    issued = 1
    while issued:
        with scene.store.writing() as session:
            issued = issuing.issue(session, activity=session.merge(activity), now=LATER)
    return number


def _certificates_follow(scene: Scene, heard: Heard) -> None:
    with scene.store.writing() as session:
        # A job that was cut off is taken again.
        activity = queries.activity_named(session, scene.facts["activity"])
        issuing.prepare(session, activity=activity, now=LATER)
        while issuing.issue(session, activity=activity, now=LATER):
            pass
        states = reckoning.attendance_of(session, [activity.id])
        meetings = reckoning.meetings_of(session, [activity.id])[activity.id]
        earned = {
            person: verdict.minutes
            for (_activity, person), noted_states in states.items()
            if (verdict := reckoning.reckoned(activity, meetings, noted_states, LATER).verdict).met
        }
        valid = session.scalars(select(Certificate).where(Certificate.state != CertificateState.VOID)).all()
        assert sorted((one.person_id, one.minutes) for one in valid) == sorted(earned.items())
        assert {one.state for one in valid} <= {CertificateState.ISSUED}
        codes = list(session.scalars(select(Certificate.code).where(Certificate.code.is_not(None))))
        replaced = list(session.scalars(select(Certificate.replaces_id).where(Certificate.replaces_id.is_not(None))))
    assert (len(set(codes)), len(set(replaced))) == (len(codes), len(replaced)), "doubled"


# -- import --------------------------------------------------------------------

_ROWS = 4


def _an_office(store: Store) -> Facts:
    with store.writing() as session:
        organisation = factories.an_organisation(session)
        account = factories.an_account(session, organisation=organisation)
        return {"organisation": organisation.id, "account": account.id}


def _import(scene: Scene, number: int) -> int:
    with scene.store.writing() as session:
        ours = [session.get_one(Organisation, scene.facts["organisation"])]
        actor = actor_of(session, scene.facts["account"], factories.NOW)
        assert actor is not None
        rows = [replace(ROW, reference=f"{number}/{line}", line=line) for line in range(_ROWS)]
        plan = importing.plan(session, rows=rows, organisations=ours, publish=True, now=factories.NOW)
        if plan.errors:
            # The act before was written down and not heard of: it is refused row by row, and that is the answer.
            assert {error.code for error in plan.errors} == {"already_there"}
            return 0
        return len(importing.carry_out(session, plan=plan, actor=actor, publish=True, now=factories.NOW))


def _all_or_nothing(scene: Scene, heard: Heard) -> None:
    with scene.store.reading() as session:
        found = Counter(session.scalars(select(Activity.reference)))
        meetings = Counter(session.scalars(select(Meeting.activity_id)))
    sheets = Counter(int(reference.split("/")[0]) for reference in found)
    assert set(sheets) <= heard.begun, "invented"
    assert set(heard.told) <= set(sheets), "lost"
    assert set(sheets.values()) <= {_ROWS}, "half an import"
    assert (set(found.values()) <= {1}, set(meetings.values()) <= {3}) == (True, True), "doubled"


# -- backup --------------------------------------------------------------------


def _some_people(store: Store) -> Facts:
    with store.writing() as session:
        for number in range(50):
            factories.a_person(session, name=f"P{number}")
    return {}


def _folder(scene: Scene, number: int) -> Path:
    return Path(scene.settings.data_dir) / "backups" / f"b{number}"


def _back_up(scene: Scene, number: int) -> str:
    folder = _folder(scene, number)
    if not folder.exists():
        backup.back_up(scene.store, scene.settings, folder, now=factories.NOW)
    return backup.read_manifest(folder).revision


def _every_backup_is_whole(scene: Scene, heard: Heard) -> None:
    there = {number for number in heard.begun if _folder(scene, number).exists()}
    assert set(heard.told) <= there, "lost"
    for number in there:
        # What has a name is whole; what was cut off has another and is swept away by the next.
        manifest = backup.read_manifest(_folder(scene, number))
        for name, digest in manifest.files.items():
            assert backup._hash_of(_folder(scene, number) / name) == digest
    if there:
        backup.restore(scene.store, _folder(scene, max(there)), now=factories.NOW, replace=True)
    _all_names_are_there(scene)


def _all_names_are_there(scene: Scene) -> None:
    with scene.store.reading() as session:
        assert [one.name for one in session.scalars(select(Person).order_by(Person.id))] == [
            f"P{number}" for number in range(50)
        ]


# -- migration -----------------------------------------------------------------


def _migrate(scene: Scene, number: int) -> str | None:
    """One step back and to the newest again, as an upgrade with people in the database."""
    upgrade.downgrade(scene.store, "-1")
    upgrade.upgrade(scene.store)
    return upgrade.revision_of(scene.store)


def _the_newest_tables_with_all_rows(scene: Scene, heard: Heard) -> None:
    assert set(heard.told.values()) <= {upgrade.newest_revision()}
    upgrade.upgrade(scene.store)
    assert upgrade.is_current(scene.store)
    with scene.store.reading() as session:
        for table in metadata.sorted_tables:
            session.execute(select(func.count()).select_from(table))
    _all_names_are_there(scene)


DOINGS = (
    Doing("sign-up", _a_table, _sign_up, _all_seats_are_right),
    Doing("attendance", _an_evening, _tap, _every_tap_counts_once),
    Doing("certificates", _a_season, _certify, _certificates_follow),
    Doing("import", _an_office, _import, _all_or_nothing),
    Doing("backup", _some_people, _back_up, _every_backup_is_whole, within=0.4),
    Doing("migration", _some_people, _migrate, _the_newest_tables_with_all_rows, within=0.5),
)
TOO_EARLY = Doing("told too early", _a_table, _tell_too_early, _all_seats_are_right)
EVERY_DOING = {doing.name: doing for doing in (*DOINGS, TOO_EARLY)}
