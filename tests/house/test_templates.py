"""Every template is used by a view, a mail or another template."""

from tests.house.source import PACKAGE, modules

SUFFIXES = {".html", ".txt", ".svg", ".xml", ".ics"}


def test_every_template_is_used() -> None:
    folders = [path for path in PACKAGE.rglob("*") if path.is_dir() and path.name in ("templates", "mail")]
    templates = {p: p.relative_to(f).as_posix() for f in folders for p in f.rglob("*") if p.suffix in SUFFIXES}
    texts = {path: path.read_text(encoding="utf-8") for path in [*(m.path for m in modules()), *templates]}

    unused = [
        name
        for path, name in templates.items()
        if not any(quote + name + quote in text for other, text in texts.items() if other != path for quote in "'\"")
    ]

    assert unused == []
