"""What a change would do: one shape for every kind of change, computed by asking the decision
about the rows as they are and as they would be.
"""

from .change import Change, OrganizationAs
from .compare import impact_of
from .result import Impact

__all__ = ["Change", "Impact", "OrganizationAs", "impact_of"]
