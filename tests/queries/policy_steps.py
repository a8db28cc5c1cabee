"""Random changes of the policies of one package, each told of before it is made."""

from collections.abc import Callable, Iterator
from random import Random

from django.db import transaction

from governance.actions.policies import change_policy, create_policy, remove_policy
from governance.models import Package
from governance.queries.policy_effects import PolicyEffect, policy_effect
from governance.rules.decision import Refused
from governance.rules.policy_terms import NewPolicy
from governance.rules.roles import SYSTEM
from tests import make

ACTING = {"by": SYSTEM, "at": make.NOON}


def told_steps(
    chance: Random,
    package: Package,
    wanted: Callable[[], NewPolicy],
    askers: Callable[[Package], set[str]],
    number: int,
) -> Iterator[tuple[set[str], PolicyEffect, set[str]]]:
    """Of so many changes that are not refused: who could ask before, what was told, who can ask after."""
    while number:
        before, (told, act) = askers(package), random_step(chance, package, wanted)
        try:
            with transaction.atomic():
                act()
        except Refused:
            continue
        number -= 1
        yield before, told, askers(package)


def random_step(
    chance: Random, package: Package, wanted: Callable[[], NewPolicy]
) -> tuple[PolicyEffect, Callable[[], object]]:
    """A policy in place of which something else would stand, or neither; the effect that is told; what does it."""
    row = chance.choice([None, *package.policies.all()])
    policy = None if row and chance.random() < 0.3 else wanted()
    told = policy_effect(package, row, policy)
    if policy is None:
        return told, lambda: remove_policy(row=row, **ACTING)
    if row is None:
        return told, lambda: create_policy(package=package, policy=policy, **ACTING)
    return told, lambda: change_policy(row=row, policy=policy, **ACTING)
