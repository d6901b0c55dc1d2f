"""The commands `commune-hub retention ...` and `commune-hub audit ...`."""

import sys

import click

from commune_hub.accounts import traces
from commune_hub.cli import clock_at, opened


@click.group()
def retention() -> None:
    """What the law says goes: deleting, making anonymous, and what waits for a human."""


@retention.command("run")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--now", "moment", metavar="TIME", help="As if it were this time, for example 2026-11-22T03:30.")
def retention_run(dry_run: bool, moment: str | None) -> None:
    """Do what is due today; the worker does the same every night. Safe to repeat and to break off."""
    from commune_hub.worker.retention import run

    with opened() as (settings, store):
        outcome = run(store, now=clock_at(moment)(), trace_months=int(settings.trace_months), dry=dry_run)
    said = "would be" if dry_run else "are"
    click.echo(f"{outcome.deleted} people {said} deleted, {outcome.anonymised} {said} made anonymous.")
    click.echo(f"{outcome.waiting} wait for a human: page “Data that wait” of the authority.")
    click.echo(f"{outcome.months_dropped} months of traces {said} dropped; their signed heads stay.")
    if outcome.erased_again:
        click.echo(f"{outcome.erased_again} people who had gone were back (a restored backup?) and are erased again.")


@retention.command("sweep")
def retention_sweep() -> None:
    """Write the tables anew that held erased rows; where they belong to another role than the hub's, as that one."""
    from commune_hub.worker.retention import sweep

    with opened(as_owner=True) as (_, store):
        sweep(store)
    click.echo("Nothing of what was overwritten is left in the tables.")


@retention.command("gone")
def retention_gone() -> None:
    """Print whose data went: random ids that lead nowhere. Keep them apart from the backups, for `restore --gone`."""
    with opened() as (_, store):
        for owner in sorted(store.keys.destroyed()):
            click.echo(owner)


@click.group()
def audit() -> None:
    """Who looked at whose data (RGD art. 28)."""


@audit.command("verify")
@click.option("--head", "expected", metavar="MONTH:ROWS:HASH", multiple=True, help="A head that was noted elsewhere.")
def audit_verify(expected: tuple[str, ...]) -> None:
    """Find every row that was changed, removed or swapped since it was written; ends with 1 when there is one.

    Prints the head of each month. Noted somewhere else (the worker writes them into its log every night), a head also
    tells when somebody put an older copy of the whole table back.
    """
    with opened() as (_, store), store.reading() as session:
        found = list(traces.verify(session))
        heads = {month.month: month for month in traces.newest_months(session, 1200)}
        wrong = [said for said in expected if not traces.still_holds(session, *_parts(said))]
    for one in found:
        where = f"row {one.number}" if one.number else "the month as a whole"
        click.echo(f"{one.month}, {where}: {one.fault}")
    for said in wrong:
        click.echo(f"{said}: is not what stands there now")
    for name in sorted(heads):
        month = heads[name]
        click.echo(f"{name}:{month.rows}:{month.head.hex()}{' (dropped)' if month.dropped_at else ''}")
    if found or wrong:
        sys.exit(1)
    click.echo("All rows are as they were written.")


def _parts(said: str) -> tuple[str, int, str]:
    month, _, rest = said.partition(":")
    rows, _, head = rest.partition(":")
    if not rows.isdigit():
        raise click.BadParameter("write it like 2026-11:120:0a1b...", param_hint="--head")
    return month, int(rows), head


@audit.command("drop")
@click.option("--now", "moment", metavar="TIME", help="As if it were this time.")
def audit_drop(moment: str | None) -> None:
    """Drop the months of traces whose time is over, keeping their signed heads. For the owner of the tables, where the
    hub itself runs as another role (docs/running.md)."""
    from commune_hub.privacy import traces_over

    now = clock_at(moment)()
    with opened(as_owner=True) as (settings, store), store.writing() as session:
        months = traces_over.expired(session, now=now, months=int(settings.trace_months))
        for month in months:
            traces_over.drop(session, month=month, now=now)
    click.echo(f"Dropped: {', '.join(months) or 'nothing'}.")
