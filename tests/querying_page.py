"""The questions in docs/querying.md, from their files: ``python -m tests.querying_page``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from benchmarks import documents
from hanicrawler.storage import questions

if TYPE_CHECKING:
    from hanicrawler.storage import Question

PAGE: Final = "querying.md"
MARKER: Final = "questions"


def text() -> str:
    """Return the questions as the page shows them."""
    return "\n\n".join(_section(number, each) for number, each in enumerate(questions(), 1))


def _section(number: int, asked: Question) -> str:
    own = f"hanicrawler question {asked.name}"
    more = "" if asked.command == own else f"; with more to choose from, `{asked.command}`"
    return f"""### {number}. {asked.title}

{asked.description}

* Command: `{own}`{more}
* Browser: `{asked.browser}`

```sql
{asked.literal()};
```"""


if __name__ == "__main__":
    documents.replace(PAGE, MARKER, text())
