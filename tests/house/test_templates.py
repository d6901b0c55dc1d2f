"""Every template is used by a view, a mail or another template."""

import re

from tests.house.source import PACKAGE, modules

COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
SUFFIXES = {".html", ".txt", ".svg", ".xml", ".ics"}


def test_every_template_is_used() -> None:
    folders = [path for path in PACKAGE.rglob("*") if path.is_dir() and path.name in ("templates", "mail")]
    templates = {p: p.relative_to(f).as_posix() for f in folders for p in f.rglob("*") if p.suffix in SUFFIXES}
    files = [*(module.path for module in modules()), *templates]
    # A usage example in a comment is no use.
    texts = [COMMENT.sub("", path.read_text(encoding="utf-8")) for path in files]

    unused = [name for name in templates.values() if not any(f'"{name}"' in t or f"'{name}'" in t for t in texts)]

    assert unused == []
