"""Database constraints that recur, with Vietnamese messages."""

from collections.abc import Iterable

from django.db.models import CheckConstraint, F, Q


def one_of(field: str, values: Iterable[str], name: str) -> CheckConstraint:
    """The database itself refuses a value outside the fixed vocabulary of `field`."""
    return CheckConstraint(
        condition=Q(**{f"{field}__in": list(values)}),
        name=name,
        violation_error_message="Giá trị không có trong danh mục. Hãy chọn lại.",
    )


def in_order(first: str, last: str, name: str, message: str) -> CheckConstraint:
    """`last` is empty or not before `first` (both dates)."""
    return CheckConstraint(
        condition=Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gte": F(first)}),
        name=name,
        violation_error_message=message,
    )
