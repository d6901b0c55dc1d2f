"""A chain of hashes with a signed head."""

from hypothesis import given
from hypothesis import strategies as st

from commune_hub.base.chain import START, Signer, head_of, link

ENTRIES = st.lists(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5)), min_size=2, max_size=6)


@given(ENTRIES, st.data())
def test_a_changed_removed_or_swapped_entry_gives_another_head(
    entries: list[dict[str, object]], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(entries) - 1))
    other = data.draw(st.integers(0, len(entries) - 1))
    changed = [*entries[:place], entries[place] | {"more": 1}, *entries[place + 1 :]]
    removed = [*entries[:place], *entries[place + 1 :]]
    swapped = list(entries)
    swapped[place], swapped[other] = swapped[other], swapped[place]

    heads = {head_of(START, one) for one in (entries, changed, removed)}

    assert len(heads) == 3
    assert (head_of(START, swapped) == head_of(START, entries)) == (swapped == entries)


def test_the_order_of_the_keys_says_nothing() -> None:
    assert link(START, {"a": 1, "b": "é"}) == link(START, {"b": "é", "a": 1})


def test_a_signature_holds_for_its_head_and_its_key_only() -> None:
    signer, other = Signer(bytes(32)), Signer(bytes([1] * 32))
    signature = signer.sign({"rows": 1})

    assert signer.holds({"rows": 1}, signature)
    assert not signer.holds({"rows": 2}, signature)
    assert not other.holds({"rows": 1}, signature)
    assert not signer.holds({"rows": 1}, b"")
