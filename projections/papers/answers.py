"""§1 to §10 - The answers of a day as one workbook: the sheets of the auditor's bundle, one a question."""

from projections.papers.content import Paper, Part, Table
from projections.question import Question
from projections.sheets import sheets


def answers(question: Question) -> Paper:
    """§1 to §10 - Every sheet of a day; each figure in it is that of the command of its name."""
    tables = tuple(
        Table(name.replace("_", " "), name.replace("_", " "), told.columns, (False,) * len(told.columns), told.rows)
        for name, told in sheets(question).items()
    )
    return Paper(f"Answers of {question.day}", "§1 to §10", (Part("Answers", (), tables),), forms=("csv", "xlsx"))
