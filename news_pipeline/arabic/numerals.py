"""Digits of the Arabic and Persian scripts as ASCII."""

from __future__ import annotations

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def ascii_digits(text: str) -> str:
    """The text with Arabic-Indic and Persian digits as ASCII digits, one for one, so that offsets hold."""
    return text.translate(_DIGITS)
