"""Every sentence is there in every language: nothing missing, doubtful or broken (commune-hub translations check)."""

from commune_hub import translations_check as catalogues


def test_every_sentence_is_translated() -> None:
    found = [str(fault) for fault in catalogues.faults()]

    # The first ones tell enough; `commune-hub translations check` lists all.
    assert found[:10] == []
