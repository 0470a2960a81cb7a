"""A head signed with Ed25519: who wrote it down can be told, and nobody else's line passes for it."""

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from given import SERIES_H
from ledger.application import Ledger
from ledger.head import Head
from projections import signing
from projections.command_line import main

PEM, PKCS8, PLAIN = (
    serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8,
    serialization.NoEncryption(),
)


def key_pair(folder: Path, name: str) -> tuple[Path, Path]:
    """A private and a public key in files."""
    made = Ed25519PrivateKey.generate()
    private, public = folder / f"{name}.pem", folder / f"{name}.pub"
    private.write_bytes(made.private_bytes(PEM, PKCS8, PLAIN))
    public.write_bytes(made.public_key().public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
    return private, public


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    """The keys of whoever keeps the ledger."""
    return key_pair(tmp_path, "keeper")


def ran(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str]:
    """The exit status of a command and all it printed."""
    with pytest.raises(SystemExit) as left:
        main([str(word) for word in words])
    printed = capsys.readouterr()
    assert isinstance(left.value.code, int)
    return left.value.code, printed.out + printed.err


def test_a_signed_head_verifies_with_the_public_key(
    tmp_path: Path, keys: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """The line and its signature, kept elsewhere, tell a year later that this is the ledger that was signed for."""
    path = tmp_path / "ledger.db"
    Ledger.begin(path, SERIES_H).close()
    line, signature = ran(capsys, "head", "--sign", keys[0], "--ledger", path)[1].split("\n")[:2]
    asked = ("verify", "--expect", line, "--signature", signature, "--key", keys[1], "--ledger", path)
    assert ran(capsys, *asked)[0] == 0
    told = json.loads(ran(capsys, "head", "--sign", keys[0], "--json", "--ledger", path)[1])
    assert (told["signature"], f"{told['entry']} {told['sha256']}") == (signature, line)


@pytest.mark.parametrize("what", ["another line", "another signature", "another key", "no base64"])
def test_a_signature_holds_for_one_line_and_one_key(
    tmp_path: Path, keys: tuple[Path, Path], capsys: pytest.CaptureFixture[str], what: str
) -> None:
    """Whoever changes the head, the signature or the key is told that it does not hold: exit 4."""
    path = tmp_path / "ledger.db"
    Ledger.begin(path, SERIES_H).close()
    line, signature = ran(capsys, "head", "--sign", keys[0], "--ledger", path)[1].split("\n")[:2]
    raw = bytearray(base64.b64decode(signature))
    raw[0] ^= 1
    changed = {
        "another line": (line.replace("1 ", "2 ", 1), signature, keys[1]),
        "another signature": (line, base64.b64encode(raw).decode(), keys[1]),
        "another key": (line, signature, key_pair(tmp_path, "other")[1]),
        "no base64": (line, "?", keys[1]),
    }[what]
    asked = ("verify", "--expect", changed[0], "--signature", changed[1], "--key", changed[2], "--ledger", path)
    status, said = ran(capsys, *asked)
    assert (status, "[signature-must-hold]" in said) == (4, True)


def test_a_key_that_cannot_sign_is_named(
    tmp_path: Path, keys: tuple[Path, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing file, a public key, another algorithm, and a missing library are each said in words: exit 2."""
    path, other = tmp_path / "ledger.db", tmp_path / "other.pem"
    Ledger.begin(path, SERIES_H).close()
    other.write_bytes(generate_private_key(SECP256R1()).private_bytes(PEM, PKCS8, PLAIN))
    for key in (tmp_path / "missing", keys[1], other):
        status, said = ran(capsys, "head", "--sign", key, "--ledger", path)
        assert (status, "[key-must-be-usable]" in said, str(key) in said) == (2, True, True)
    public = ran(capsys, "verify", "--expect", f"1 {'0' * 64}", "--signature", "", "--key", keys[0], "--ledger", path)
    assert public[0] == 2
    monkeypatch.setattr(signing, "INSTALLED", False)
    assert "captable[sign]" in ran(capsys, "head", "--sign", keys[0], "--ledger", path)[1]


def test_a_signature_without_its_head_or_key_is_not_understood(
    tmp_path: Path, keys: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """A signature is of one head by one key: without either there is nothing to check."""
    path = tmp_path / "ledger.db"
    Ledger.begin(path, SERIES_H).close()
    assert ran(capsys, "verify", "--signature", "AA==", "--ledger", path)[0] == 2
    assert ran(capsys, "verify", "--key", keys[1], "--expect", str(Head(1, "0" * 64)), "--ledger", path)[0] == 2
