"""A property that is worked out once, when it is first asked for.

:func:`functools.cached_property` takes a lock each time until Python 3.12; a page has fifty
such properties, and each is asked for by one thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Self

T = TypeVar("T")


class lazy(Generic[T]):
    """Makes a method a property whose value is kept in the instance."""

    def __init__(self, read: Callable[[Any], T]) -> None:
        """Keep what *read* gives, called with the instance."""
        self._read = read
        self._name = read.__name__
        self.__doc__ = read.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> Self | T:
        if instance is None:
            return self
        value = instance.__dict__[self._name] = self._read(instance)
        return value
