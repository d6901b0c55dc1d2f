"""The front-end files that are served: the packages' own, and exactly the icons that are used."""

import json
from pathlib import Path

import pytest

from scripts import vendor


def a_package(folder: Path, **files: str) -> Path:
    package = folder / "commune_hub"
    package.mkdir()
    for name, text in files.items():
        (package / name.replace("_", ".")).write_text(text)
    return package


def test_icons_are_found_in_templates_and_in_declared_tables(tmp_path: Path) -> None:
    package = a_package(
        tmp_path,
        page_html="{{ icon('map-pin') }} {{ button(icon=\"bus\") }} {{ icon(kind.icon) }}",
        words_py='KIND_ICONS = {"table": "coffee"}\nOTHER = {"table": "no-icon"}\n',
    )

    assert set(vendor.used_icons(package)) == {"map-pin", "bus", "coffee"}


def test_an_icon_that_lucide_does_not_have_stops_the_build_and_is_named(tmp_path: Path) -> None:
    package = a_package(tmp_path, page_html="{{ icon('no-such-icon') }}")

    with pytest.raises(vendor.UnknownIcon, match=r"commune_hub/page\.html: Lucide has no icon 'no-such-icon'"):
        vendor.build(package)


def test_a_second_build_writes_nothing(tmp_path: Path) -> None:
    package = a_package(tmp_path, page_html="{{ icon('map-pin') }}")

    written = vendor.build(package), vendor.build(package)

    assert written == (len(vendor.FILES) + 1, 0)
    assert list(json.loads((package / "web/static/vendor/icons.json").read_text())) == ["map-pin"]
