"""How names are compared: without accents, case and hyphens, and with one typing error forgiven."""

import unicodedata
from collections.abc import Iterator
from string import ascii_lowercase

# Whoever pastes a book into the search field is looking for what stands at its beginning.
LONGEST_TEXT = 120
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def folded(text: str) -> str:
    """Small letters and digits in words with one space between, without accents: "Esch/Uelzécht" - "esch uelzecht"."""
    plain = unicodedata.normalize("NFKD", text[:LONGEST_TEXT].casefold().translate(_LIGATURES))
    # Only the accents of Latin letters: in other scripts a mark is a vowel, and without it another word.
    letters = (letter for letter in plain[: 4 * LONGEST_TEXT] if not "\u0300" <= letter <= "\u036f")
    spaced = (letter if letter.isalnum() or unicodedata.category(letter)[0] == "M" else " " for letter in letters)
    return " ".join("".join(spaced).split())


def spellings(name: str) -> tuple[str, ...]:
    """The folded forms under which a name is found: "Düdelingen" is also written "Duedelingen"."""
    composed = unicodedata.normalize("NFC", name.casefold())
    return tuple(dict.fromkeys((folded(name), folded(composed.translate(_UMLAUTS)))))


def one_error_away(word: str) -> Iterator[str]:
    """Every Latin word that one wrong, missing, surplus or exchanged letter turns into this one."""
    parts = [(word[:cut], word[cut:]) for cut in range(len(word) + 1)]
    for head, tail in parts:
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in ascii_lowercase:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]


def trigrams(word: str) -> frozenset[str]:
    """The runs of three letters, its edges included, by which two words are compared as a whole."""
    edged = f"  {word} "
    return frozenset(edged[at : at + 3] for at in range(len(edged) - 2))
