"""How many SMS a text is billed as: 160 signs of the GSM alphabet, or 70 of any other; a little less where it is cut.

3GPP TS 23.038, 6.2.1 (the alphabet) and TS 23.040, 9.2.3.24.1 (texts in parts).
"""

from __future__ import annotations

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWICE = frozenset("^{}\\[~]|€\f")
"""Of the alphabet's extension: two signs long."""


def segments(text: str) -> int:
    if all(sign in GSM_7 or sign in TWICE for sign in text):
        length, single, part = len(text) + sum(sign in TWICE for sign in text), 160, 153
    else:
        length, single, part = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= single else -(-length // part)
