"""§2 §3(e)(ii) - The rollforward of the series between two days as a paper: every quarter, and the whole."""

from ledger.errors import QuestionMustBeUnderstood
from ledger.moments import parse_day
from projections import rollforward as rolled
from projections.papers.content import DOLLARS, SHARES, Column, Paper, Part, Statement, Table
from projections.question import Question
from projections.report.rollforward import shown

COLUMNS = (
    Column("after", lambda row: row[0].after.isoformat()),
    Column("through", lambda row: row[0].through.isoformat()),
    Column("line", lambda row: row[1]),
    Column("shares", lambda row: row[2]["shares"], SHARES),
    Column("Stated Value", lambda row: row[2]["stated_value"], DOLLARS),
    Column("accrued dividends", lambda row: row[2]["accrued_dividends"], DOLLARS),
    Column("both", lambda row: row[2]["preference"], DOLLARS),
    Column("due on conversion", lambda row: row[2]["due_on_conversion"], DOLLARS),
    Column("redemption price", lambda row: row[2]["redemption_price"], DOLLARS),
)


def rollforward(question: Question, first: str) -> Paper:
    """§2 §3(e)(ii) - The rollforward from a first day to the day asked about; QuestionMustBeUnderstood."""
    try:
        opening = parse_day(first)
    except ValueError as error:
        hint = "Write the day after which it begins, as 2001-12-31."
        raise QuestionMustBeUnderstood(what="The first day", why=error, hint=hint) from None
    periods = rolled.rollforward(question, opening)
    part = Part(
        f"After {first} through {question.day}",
        (
            Statement("§1", "Opens with the figures at the end of", first),
            Statement("§1", "Closes with the figures at the end of", question.day.isoformat()),
            Statement("§3(e)(ii)", "Dollars of a share", "its Stated Value, and accrued and unpaid dividends"),
            Statement(
                "§2 §6", "Beside it", "what became due to former holders: on conversion, and as redemption price"
            ),
        ),
        (
            _table("quarters", "By quarter", periods),
            _table("whole", "In all", [rolled.whole(periods)]),
        ),
    )
    readings = ("day-count", "accrual-start", "accrual-days", "conversion-moment", "revocation-restores")
    title = f"Rollforward of Series H Preferred Stock after {first} through {question.day}"
    return Paper(title, "§2 §3(e)(ii)", (part,), readings=readings)


def _table(name: str, title: str, periods: list[rolled.Period]) -> Table:
    rows = ((one, line, moved) for one in periods for line, moved in one.lines.items() if shown(line, moved))
    return Table.of(name, title, COLUMNS, rows)
