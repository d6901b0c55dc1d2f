"""The commands `commune-hub translations ...`, for work on the catalogues in a checkout."""

import sys

import click

from commune_hub import translations_check as catalogues


@click.group()
def translations() -> None:
    """The catalogues of the interface languages, in translations/ of a checkout."""
    if not catalogues.is_checkout():
        raise click.ClickException("There is no folder translations/ here: run this in a checkout of the source.")


@translations.command()
def check() -> None:
    """Compare the sentences of the source with the catalogues; ends with 1 when anything is missing or broken."""
    found = catalogues.faults()
    for fault in found:
        click.echo(str(fault))
    if found:
        click.echo(f"{len(found)} faults", err=True)
        sys.exit(1)
    click.echo(f"{len(catalogues.sentences())} sentences in {', '.join(catalogues.LANGUAGES)}: complete")


@translations.command()
def extract() -> None:
    """Collect the sentences of the source into translations/messages.pot."""
    click.echo(f"{catalogues.extract()} sentences")


@translations.command()
def update() -> None:
    """Bring the catalogues up to date with the source: new sentences come in empty, old ones go."""
    for language, left in catalogues.update().items():
        click.echo(f"{language}: {left} to translate")


@translations.command("compile")
def compile_all() -> None:
    """Compile the catalogues, so that the app reads them."""
    click.echo(f"{catalogues.compile_all()} catalogues compiled")
