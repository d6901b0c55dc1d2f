"""What an installation says about the pairing: what the parts of a score weigh, and how much a run looks at."""

from dataclasses import asdict, dataclass, fields

from commune_hub.volunteers.coaching.rules import Learner


@dataclass(frozen=True, slots=True)
class Weights:
    """What the parts of a score are worth. `waiting` is for the first week; each further week is worth more than the
    one before, so that in the end waiting outweighs everything else."""

    near: int = 100
    times: int = 40
    level: int = 30
    shared: int = 40
    waiting: int = 10

    @classmethod
    def read(cls, text: str) -> "Weights":
        """From "near=100,times=40"; what is not named keeps its usual weight. Raises ValueError."""
        given = dict(part.split("=", 1) for part in text.replace(" ", "").split(",") if part)
        unknown = given.keys() - {field.name for field in fields(cls)}
        weights = {name: int(weight) for name, weight in given.items()}
        if unknown or any(not 0 <= weight <= 10_000 for weight in weights.values()):
            raise ValueError(f"not weights: {text}")
        return cls(**weights)

    def kept(self) -> dict[str, int]:
        """As a run keeps them."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request for a coach, and for how many days it has waited."""

    request_id: int
    learner: Learner
    days: int


@dataclass(frozen=True, slots=True)
class Size:
    """Up to which product of learners and volunteers all possible pairs are looked at, and how many of each learner
    above it."""

    complete: int
    best_few: int

    def keeps(self, learners: int, volunteers: int) -> int | None:
        """How many pairs of each learner are kept; None: all."""
        return self.best_few if learners * volunteers > self.complete else None


@dataclass(frozen=True, slots=True)
class PairingRules:
    """Both together."""

    weights: Weights
    size: Size
