"""What can be looked into; the order is that of the explorer."""

from dangol.cubes.subjects import (  # noqa: F401, I001
    satisfaction,
    cases,
    calls,
    quality,
    sales,
    repurchase,
)
