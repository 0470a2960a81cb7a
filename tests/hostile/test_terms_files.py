"""Whatever stands in a terms file, it holds the terms of a certificate or is refused in words."""

import json
import time
import tomllib
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hostile import nasty
from hostile.fuzzer import spoilt_terms
from hostile.judged import judge_error, judge_terms, standard
from hostile.test_lines import ALIKE, RANDOM, WEIRD
from ledger.errors import LedgerError, TermsMustBeUnderstood
from ledger.terms_file import read_terms

NEAR_TOML = st.lists(
    st.sampled_from([*"{}[].=\"'\n#", *nasty.TOML_TOKENS, "signed_on", "value", "[readings]"]) | WEIRD, max_size=12
).map("".join)


def spoilt(random: Random, times: int) -> bytes:
    """The terms file spoilt so many times."""
    text = nasty.terms()
    for _ in range(times):
        text = spoilt_terms(random, text, nasty.terms())
    return text


SHARED = settings(ALIKE, suppress_health_check=[HealthCheck.function_scoped_fixture])


@settings(SHARED, max_examples=60)
@given(st.builds(spoilt, RANDOM, st.integers(1, 4)))
def test_a_spoilt_terms_file_is_read_or_refused(tmp_path: Path, text: bytes) -> None:
    """Other values, lines and bytes; what is read can be recorded, and a ledger under it asked about."""
    judge_terms(text, tmp_path / "terms.toml")


@settings(SHARED, max_examples=60)
@given(st.binary(max_size=100) | NEAR_TOML.map(lambda text: text.encode("utf-8", "surrogatepass")), st.booleans())
def test_any_bytes_are_terms_or_are_refused(tmp_path: Path, text: bytes, after: bool) -> None:
    """Noise by itself, and noise behind good terms."""
    judge_terms(nasty.terms() + b"\n" + text if after else text, tmp_path / "terms.toml")


TERMS = tomllib.loads(nasty.terms().decode())
BEYOND_DECIMAL = "1e99999999999999999999"


def refusal(text: str, path: Path) -> str:
    """What a terms file is refused with."""
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LedgerError) as said:
        read_terms(path)
    judge_error(said.value)
    return str(said.value)


def with_value(name: str, token: str) -> str:
    """The terms file with another value for a row."""
    lines = nasty.terms().decode().split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith(f"{name} ="))
    clause = json.dumps(TERMS[name]["clause"], ensure_ascii=False)
    lines[at] = f"{name} = {{ value = {token}, clause = {clause} }}"
    return "\n".join(lines)


@pytest.mark.parametrize("name", [name for name, row in TERMS.items() if isinstance(row, dict) and "value" in row])
def test_every_row_bears_every_token(name: str, tmp_path: Path) -> None:
    """Each value in its turn."""
    for token in nasty.TOML_TOKENS:
        if token != BEYOND_DECIMAL:
            judge_terms(with_value(name, token).encode("utf-8", "surrogatepass"), tmp_path / "terms.toml")


@pytest.mark.parametrize("token", ["1e999999999", "-1e-999999999", "0e999999999", "1e-999999999"])
def test_an_exponent_is_never_written_out(token: str, tmp_path: Path) -> None:
    """1e999999999 would be a thousand million digits: it is refused as it stands, at once."""
    began = time.process_time()
    said = refusal(with_value("stated_value", token), tmp_path / "terms.toml")
    assert time.process_time() - began < 1
    assert len(said) < 500


@pytest.mark.parametrize("token", ["0001-01-01", "9999-12-31", "1998-12-31", "2001-04-12T00:00:00"])
def test_a_day_of_toml_itself_is_held_to_the_bank_calendar(token: str, tmp_path: Path) -> None:
    """A bare day is read as strictly as one in quotes; an instant is no day."""
    assert "signed_on.value" in refusal(with_value("signed_on", token), tmp_path / "terms.toml")


def test_a_day_of_toml_itself_is_read(tmp_path: Path) -> None:
    """Bare or in quotes it is the same day."""
    path = tmp_path / "terms.toml"
    path.write_text(with_value("signed_on", "2001-04-12"), encoding="utf-8")
    assert read_terms(path).signed_on == standard().signed_on


def test_an_exponent_that_no_decimal_bears_is_refused(tmp_path: Path) -> None:
    """Python's Decimal gives up on it with an exception of its own."""
    assert refusal(with_value("stated_value", BEYOND_DECIMAL), tmp_path / "terms.toml")


def test_a_terms_file_cannot_be_named_with_nul() -> None:
    """No file has such a name."""
    with pytest.raises(TermsMustBeUnderstood):
        read_terms(Path("terms\0.toml"))
