"""A property that is computed when first asked for, and then kept."""

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

Kept = TypeVar("Kept")


class once(Generic[Kept]):  # noqa: N801
    """As functools.cached_property, without the lock that its instances share in Python 3.11.

    Two threads that ask at the same time may both compute. An instance's own dictionary answers from then on.
    """

    def __init__(self, compute: Callable[[Any], Kept]) -> None:
        self.compute = compute
        self.name = compute.__name__
        self.__doc__ = compute.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type) -> Kept: ...

    def __get__(self, instance: object, owner: type) -> Self | Kept:
        if instance is None:
            return self
        kept = instance.__dict__[self.name] = self.compute(instance)
        return kept
