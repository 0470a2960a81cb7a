"""What nobody writes by accident: tokens for journal lines and terms files, texts for names, and seeds to spoil."""

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from ledger.terms_file import STANDARD
from test_journal import ENVELOPE, FIELDS

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"

TEXTS = (
    "",
    " ",
    "\0",
    "A\0B",
    "\x1b[2J\x1b[31m",
    "\x85",
    "\x9b31m",
    "A\nNothing was wrong.",
    "A\rB",
    "\u2028",
    "\ufeffHolder A",
    "Holder\u00a0A",
    "Holder A\u200b",
    "\u202eA redloH",
    "\u2067Holder A\u2069",
    "Holder \u0410",
    "Holder e\u0301",
    "Holder \u00e9",
    "\u3164",
    "\ue000",
    "\U000e0041",
    "\uffff",
    "\U0010ffff",
    "\U0001d7d9",
    "\u0663",
    "{braces}",
    "{0.__class__}",
    "%s%n",
    "=cmd()",
    "'; DROP TABLE stored_events; --",
    "-1",
    "--help",
    "1e9",
    "NaN",
    "0.1.1",
    "9" * 21,
    "0." + "0" * 13,
    "2001-02-29",
    "0000-00-00",
    "9999-12-31",
    "1999-01-01T00:00:00+23:59",
    "2100-12-31T23:59:59-23:59",
    "2001-04-01T02:30:00-05:00",
    "2001-11-09T24:00:00Z",
    "2001-11-09T23:59:60Z",
    "H-1",
    "Holder A",
    "A" * 201,
)
"""Texts where a name, a day or a quantity is wanted."""

JSON_TOKENS = (
    *(json.dumps(text) for text in TEXTS),
    *(json.dumps(text, ensure_ascii=False) for text in TEXTS if not text.isascii()),
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\\u0000"',
    '"\\x"',
    "null",
    "true",
    "0",
    "-0",
    "-1",
    "00",
    "1.0",
    "1e999999999",
    "-1E-999999999",
    "9" * 20,
    "9" * 5_000,
    "NaN",
    "Infinity",
    "-Infinity",
    "[]",
    "{}",
    "[[]]",
    "[" * 2_000,
    "[" * 400 + "]" * 400,
    "[" * 985 + "]" * 985,
    '{"a":' * 500 + "0" + "}" * 500,
    '{"a": 1, "a": 2}',
    '{"": null}',
    "'H-1'",
    "undefined",
    "// why",
)
"""Where JSON wants a value."""

TOML_TOKENS = (
    *(json.dumps(text) for text in TEXTS if text.isprintable()),
    '"\\ud800"',
    "''",
    '"""\n"""',
    "true",
    "0",
    "-0.0",
    "0x" + "f" * 200,
    "0b1",
    "1_000",
    "1e30",
    "1e999999999",
    "-1e-999999999",
    "0e999999999",
    "1e99999999999999999999",
    "9" * 400,
    "nan",
    "-inf",
    "0001-01-01",
    "9999-12-31",
    "2001-04-12",
    "2001-04-12T00:00:00",
    "2001-04-12T00:00:00Z",
    "2001-02-30",
    "09:00:00",
    "[]",
    "[[1]]",
    "[" * 2_000,
    "[" * 80 + "]" * 80,
    "{}",
    "{a.b.c = 1, a.b.d = 2}",
    "{value = 1}",
    '{value = "0.1", clause = "§2", from = "2001-04-13"}',
    '{value = 1e999999999, clause = "§2"}',
    '{value = 0001-01-01, clause = "§2"}',
    '{value = ["02-29", "12-31"], clause = "§2"}',
)
"""Where TOML wants a value."""

BYTES = (
    b"\0",
    b"\xff",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\r",
    b"\r\n",
    b"\n",
    b"\xe2\x80\xa8",
    b"\xe2\x80\xae",
    b"\xcc\x81",
    b"\xd0\x90",
    b"\\ud800",
    b"\\u0000",
    b'"',
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"=",
    b"-",
    b".",
    b"e9",
    b"#",
)
"""What stands anywhere."""


@cache
def examples() -> dict[str, dict[str, Any]]:
    """An entry of every kind with all its fields, by its word."""
    return {word: {"event": word, **ENVELOPE, **fields} for word, fields in FIELDS.items()}


@cache
def journals() -> tuple[bytes, ...]:
    """Short journals that are recorded, or nearly: those of the worked examples, and a line of every kind."""
    worked = [
        tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted((FIXTURES / "examples").glob("*.toml"))
    ]
    lines = [json.dumps(line).encode() for line in examples().values()]
    return (*dict.fromkeys(one["given"].strip().encode() for one in worked), *lines)


@cache
def terms() -> bytes:
    """The terms file of the certificate, without its comments."""
    lines = STANDARD.read_text(encoding="utf-8").splitlines()
    return "\n".join(line.split("  #")[0].strip() for line in lines if line and not line.startswith("#")).encode()
