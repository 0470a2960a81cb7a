"""The tables of ratios: against floors and peers of the same run, beside the targets."""

from math import log
from statistics import median

from benchmarks.asking import ANSWER, COMMIT, FIGURES, HOLDER, LOOK_UP, ONE, THEN
from benchmarks.measured import ASOF, RECORD, VERIFY, Measured
from projections.report.text import table

MILLI = 1000
REFERENCE = 10_000
"""The size to which the growth of a larger one is held."""

Row = tuple[str, str, str, str, str]
HEADERS = ("what", "measured", "against, in this run", "target", "met")


def report(told: list[Measured]) -> str:
    """The tables of the last size measured, held against those before it."""
    now, before = told[-1], told[:-1]
    reference = next((one for one in before if one.size == REFERENCE), before[0] if before else None)
    rows = [*_questions(now, reference), *_processes(now, reference), *_recording(now, before)]
    title = f"{now.size:,} entries ({now.compared} random answers equal a plain fold from the start)"
    tables = [title, table(HEADERS, rows, align="lllll"), "", *_peers(now)]
    return "\n".join(tables)


def _met(*kept: bool) -> str:
    return "yes" if all(kept) else "no"


def _times(ratio: float) -> str:
    return f"{ratio:,.2f} x" if ratio < 100 else f"{ratio:,.0f} x"


def _growth(now: float, before: float | None, size: int | None) -> str:
    return "" if before is None else f", {_times(now / before)} the same at {size:,}"


def _questions(now: Measured, reference: Measured | None) -> list[Row]:
    """What is asked within a process: the time in the middle, since the least would be that of the easiest day."""
    rows: list[Row] = []
    for name, most, flat in ((FIGURES, 1, 1.5), (ANSWER, 10, 1.5), (HOLDER, 0.2, None)):
        took = median(now.within[name])
        before = median(reference.within[name]) if reference else None
        against = f"{_times(took / median(now.within[LOOK_UP]))} a bare indexed look-up"
        if flat:
            against += _growth(took, before, reference.size if reference else None)
        target = f"at most {most} ms" + (f", {flat} x" if flat else "")
        met = _met(took * MILLI <= most, before is None or flat is None or took <= flat * before)
        rows.append((f"{name}, as of a random day", f"{took * MILLI:.3f} ms", against, target, met))
    for name in (FIGURES, ANSWER):
        took, now_known = median(now.within[name + THEN]), median(now.within[name])
        against = f"{_times(took / now_known)} as known now"
        rows.append((name + THEN, f"{took * MILLI:.3f} ms", against, "at most 2 x", _met(took <= 2 * now_known)))
    return rows


def _processes(now: Measured, reference: Measured | None) -> list[Row]:
    """Whole processes: the least seconds of several runs in turn with the peers, and the most memory."""
    asof, verify, fastest = now.processes[ASOF], now.processes[VERIFY], now.fastest
    before = reference.processes[ASOF].seconds if reference else None
    faster = fastest.seconds / asof.seconds if fastest else None
    against = f"{_times(faster)} faster than the fastest peer" if faster else "no peer ended"
    against += _growth(asof.seconds, before, reference.size if reference else None)
    rows = [
        (
            "captable asof DAY",
            f"{asof.seconds:.3f} s (median {asof.median:.3f}), {asof.mebibytes:.0f} MiB",
            against,
            "at least 120 x faster; at most 0.12 s, 64 MiB",
            _met(faster is None or faster >= 120, asof.seconds <= 0.12, asof.mebibytes <= 64),
        )
    ]
    part = verify.seconds / fastest.seconds if fastest else None
    against = f"{_times(part)} the fastest peer's balance, " if part else "no peer ended, "
    against += f"{_times(verify.seconds / now.read_all)} reading and decoding all rows"
    measured = f"{verify.seconds:.2f} s (median {verify.median:.2f}), {verify.mebibytes:.0f} MiB"
    met = _met(part is None or part <= 0.75, verify.mebibytes <= 256, not verify.stopped)
    rows.append(("captable verify", measured, against, "at most 0.75 x, 256 MiB", met))
    return rows


def _recording(now: Measured, before: list[Measured]) -> list[Row]:
    """What recording takes, one by one and a whole journal, and what is kept."""
    one, commit = median(now.within[ONE]), median(now.within[COMMIT])
    against = f"{commit / one:.2f} x the rate of bare durable commits"
    single = (
        f"{ONE}, durable, published",
        f"{one * MILLI:.3f} ms",
        against,
        "at least 0.4 x",
        _met(commit / one >= 0.4),
    )
    record = now.processes[RECORD]
    rate = now.size / record.seconds
    against = f"{_times(record.seconds / now.bulk)} bare bulk insert"
    met = [rate >= 25_000, record.mebibytes <= 512]
    if before:
        last = before[-1]
        exponent = log(record.seconds / last.processes[RECORD].seconds) / log(now.size / last.size)
        against += f", growth exponent {exponent:.2f} from {last.size:,}"
        met.append(exponent <= 1.05)
    measured = f"{rate:,.0f} entries a second, {record.mebibytes:.0f} MiB"
    journal = (
        "a journal recorded, all rules on",
        measured,
        against,
        "at least 25,000; at most 512 MiB, 1.05",
        _met(*met),
    )
    each = now.kept / now.size
    storage = ("storage, all tables included", f"{each:,.0f} bytes an entry", "", "at most 600", _met(each <= 600))
    return [single, journal, storage]


def _peers(now: Measured) -> list[str]:
    """What every peer took for its balance of all holders as of the same day."""
    if not now.peers:
        return ["No peer is installed (hledger, ledger, beancount with beanquery)."]
    asof, rows = now.processes[ASOF].seconds, []
    for name in now.peers:
        runs = now.processes[name]
        took = (
            f"stopped after {runs.seconds:.0f} s"
            if runs.stopped
            else f"{runs.seconds:.2f} s (median {runs.median:.2f})"
        )
        rows.append((name, took, f"{runs.mebibytes:.0f} MiB", _times(runs.seconds / asof)))
    return [table(("peer", "balance as of a day", "memory", "captable asof is faster"), rows, align="llll")]
