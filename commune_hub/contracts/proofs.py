"""Whether a file can be taken as proof: a photo, made anew without what else is in it, or a PDF as it is."""

import io
import warnings
from dataclasses import dataclass, field

from PIL import Image, ImageOps

from commune_hub.contracts.words import ProofFault

LARGEST = 4 * 1024 * 1024
# A page of A4 at 200 dots per inch has 4 million points; a phone's photo up to 50.
_MOST_POINTS = 60_000_000
_LONGEST_SIDE = 2400
_FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True, slots=True)
class Taken:
    """A file as it is kept: "pdf" or "jpeg"."""

    kind: str
    data: bytes = field(repr=False)


def taken_in(data: bytes) -> Taken | ProofFault:
    """The file as it is kept, or why not. A photo loses the place where it was taken, and whatever is hidden in it.

    A PDF is kept as it came: we never open it and never show it inside a page, it is only handed on as a download.
    """
    if not data:
        return ProofFault.EMPTY
    if len(data) > LARGEST:
        return ProofFault.TOO_LARGE
    if data.startswith(b"%PDF-"):
        return Taken("pdf", data) if b"%%EOF" in data[-2048:] else ProofFault.BROKEN
    return _photo(data)


def _photo(data: bytes) -> Taken | ProofFault:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                # The header says the size before a point is decoded: a bomb is refused unopened.
                if image.width * image.height > _MOST_POINTS:
                    return ProofFault.TOO_LARGE
                image.load()
                upright = ImageOps.exif_transpose(image).convert("RGB")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return ProofFault.TOO_LARGE
    except (OSError, ValueError, SyntaxError, Warning) as error:
        unknown = isinstance(error, OSError) and "cannot identify" in str(error)
        return ProofFault.WRONG_KIND if unknown else ProofFault.BROKEN
    upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    made = io.BytesIO()
    # Only the points go into the new file: no EXIF, no colour profile, no second picture.
    Image.frombytes("RGB", upright.size, upright.tobytes()).save(made, "JPEG", quality=80)
    return Taken("jpeg", made.getvalue())
