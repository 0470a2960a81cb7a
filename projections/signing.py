"""A head signed: Ed25519 (RFC 8032) over the line that writes it down, so that who wrote it can be told.

The library is the extra `sign`; keys are PEM files as `openssl genpkey -algorithm ed25519` makes them.
"""

import base64
import binascii
from pathlib import Path

from ledger.errors import KeyMustBeUsable, SignatureMustHold
from ledger.head import Head

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

    INSTALLED = True
except ImportError:  # the extra `sign` is not installed
    INSTALLED = False


def signed(head: Head, key: Path) -> str:
    """The signature of a head's line by a private key, in base64; KeyMustBeUsable."""
    read = _read(key)
    try:
        private = serialization.load_pem_private_key(read, password=None)
    except (ValueError, TypeError) as error:
        raise KeyMustBeUsable(key=key, why=str(error)) from None
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyMustBeUsable(key=key, why="It is no Ed25519 private key")
    return base64.b64encode(private.sign(str(head).encode())).decode()


def must_be_signed(head: Head, signature: str, key: Path) -> None:
    """Check a signature of a head's line by a public key; KeyMustBeUsable, SignatureMustHold."""
    read = _read(key)
    try:
        public = serialization.load_pem_public_key(read)
    except ValueError as error:
        raise KeyMustBeUsable(key=key, why=str(error)) from None
    if not isinstance(public, Ed25519PublicKey):
        raise KeyMustBeUsable(key=key, why="It is no Ed25519 public key")
    try:
        public.verify(base64.b64decode(signature, validate=True), str(head).encode())
    except (InvalidSignature, binascii.Error):
        raise SignatureMustHold(head=head, key=key) from None


def _read(key: Path) -> bytes:
    if not INSTALLED:
        raise KeyMustBeUsable(key=key, why="Signing needs the extra `sign`: pip install 'captable[sign]'")
    try:
        return key.read_bytes()
    except OSError as error:
        raise KeyMustBeUsable(key=key, why=error.strerror) from None
