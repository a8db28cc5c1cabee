"""Made-up partners, the same ones every time: names, domains and what hangs on them, by number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ..models import Organization, Source

_FIRST = (
    "Amber",
    "Baltic",
    "Cedar",
    "Delta",
    "Ember",
    "Fjord",
    "Granite",
    "Harbour",
    "Iron",
    "Juniper",
    "Kestrel",
    "Lumen",
    "Meridian",
    "Nordic",
    "Ochre",
    "Pumpworks",
    "Quarry",
    "River",
    "Sable",
    "Tideline",
    "Umber",
    "Valley",
    "Willow",
    "Xenon",
    "Yarrow",
    "Zephyr",
    "Brightwater",
)
_SECOND = (
    "Audit",
    "Bearing",
    "Catering",
    "Dredging",
    "Engine",
    "Freight",
    "Glass",
    "Hydraulics",
    "Insurance",
    "Joinery",
    "Kiln",
    "Legal",
    "Marine",
    "Networks",
    "Optics",
    "Paper",
    "Quality",
    "Robotics",
    "Shipping",
    "Timber",
    "Utilities",
    "Valves",
    "Works",
)
_LAST = ("Group", "Limited", "University", "Institute", "Company")
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A partner by its number.

    About a third sign in by directory, one in fifty is proposed, one in two hundred deleted.
    """

    number: int

    @property
    def words(self) -> tuple[str, str, str]:
        mixed = (
            self.number * 2_654_435_761 % 2**32 >> 8
        )  # so that a name tells nothing of all that hangs on the number
        return _FIRST[mixed % 27], _SECOND[mixed // 27 % 23], _LAST[mixed // 621 % 5]

    @property
    def name(self) -> str:
        return f"{' '.join(self.words)} {self.number}"

    @property
    def description(self) -> str:
        return f"{self.words[1]} for plant {self.number % 9 + 1}"

    @property
    def domain(self) -> str:
        first, second, _last = self.words
        return f"{first}-{second}-{self.number}.example".lower()

    @property
    def sources(self) -> tuple[tuple[str, ...], ...]:
        """The names of each source: a directory's two, or one domain each; some have two domains,
        some of those beneath the name of another.
        """
        if self.is_directory:
            return ((self.domain, f"t{self.number}.tenants.example"),)
        if self.lies_beneath:
            return ((self.domain,), (f"lab.{MadeUp(self.number - 1).domain}",))
        return (
            ((self.domain,), (f"{self.words[1]}-{self.number}.test".lower(),))
            if self.number % 30 == 1
            else ((self.domain,),)
        )

    @property
    def lies_beneath(self) -> bool:
        """One in three hundred grew out of the one before."""
        return self.number % 300 == 2

    @property
    def lies_above(self) -> bool:
        return self.number % 300 == 1

    @property
    def kind(self) -> str:
        return str(Source.Kind.DIRECTORY if self.is_directory else Source.Kind.DOMAIN)

    @property
    def is_directory(self) -> bool:
        return self.number % 3 == 0

    @property
    def state(self) -> str:
        return str(
            Organization.State.PROPOSED if self.number % 50 == 7 else Organization.State.CONFIGURED
        )

    @property
    def is_deleted(self) -> bool:
        return self.number % 200 == 11

    @property
    def sponsors(self) -> int:
        """How many internal sponsors it has; three in ten have none."""
        return (0, 1, 1, 2, 0, 1, 1, 2, 0, 1)[self.number % 10]

    @property
    def people(self) -> int:
        """One in a hundred has any."""
        return 1 + self.number // 100 % 7 if self.number % 100 == 0 else 0

    def changed_at(self, at: datetime) -> datetime:
        return at - _MINUTE * (self.number * 7919 % 1_000_003)
