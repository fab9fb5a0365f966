"""One paper for the customer and the clerk: what stands in small, in every state and every language there is."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations, product

import pytest
from msgspec import structs

from kiosk.bilingual import bilingual
from kiosk.order import Order, State
from kiosk.plain import plain
from kiosk.receipt import Document, Paragraph, ReceiptShop, Row
from kiosk.texts import LANGUAGES, texts, width
from tests.receipts import ORDER_ZH, SHOP, SHOP_ZH, printed
from tests.test_receipt import CARD


def for_both(order: Order, shop: ReceiptShop, language: str, clerk: str) -> Document:
    own, other = (printed(structs.replace(order, language=each), shop) for each in (language, clerk))
    return bilingual(own, other)


def read_by_the_customer(document: Document) -> list[object]:
    blocks = [block for block in document.blocks if not (isinstance(block, Paragraph) and block.small)]
    return [replace(block, small="") if isinstance(block, Row) else block for block in blocks]


@pytest.mark.parametrize(("language", "clerk"), [*permutations(LANGUAGES, 2)])
def test_the_clerk_finds_state_total_and_way_to_pay(language: str, clerk: str) -> None:
    """Whatever the state and the two languages; and the customer's own words stay as they are."""
    for state, full in product(State, [True, False]):
        both_are_told(state, language, clerk, full)


def both_are_told(state: State, language: str, clerk: str, full: bool) -> None:
    order = structs.replace(ORDER_ZH, state=state)
    shop = replace(SHOP, header=("Open daily",), footer=("Thank you",), logo="/x.png")
    if full:
        order = structs.replace(order, card=CARD, network="T-Mobile USA", tender="card")
    else:
        shop = replace(SHOP_ZH, refund_policy="", help_line="")

    paper = for_both(order, shop, language, clerk)
    alone, other = (printed(structs.replace(order, language=each), shop) for each in (language, clerk))
    small = [block.text for block in paper.blocks if isinstance(block, Paragraph) and block.small]
    keys = {block.small for block in paper.blocks if isinstance(block, Row)}

    assert read_by_the_customer(paper) == list(alone.blocks)
    assert {block.text for block in other.blocks if isinstance(block, Paragraph) and block.bold} <= set(small)
    alike = {row.key for row in alone.blocks if isinstance(row, Row)}  # "Total" is the same word in four languages
    assert {row.key for row in other.blocks if isinstance(row, Row) and row.bold} <= keys | alike
    ways = {texts(each).tender(order.tender) for each in (language, clerk)}
    assert len(ways) == 1 or any(":" in key for key in keys)  # the way to pay, in words
    assert max(map(width, plain(paper, 32).splitlines())) <= 32


def test_two_papers_of_one_language_are_one() -> None:
    """Nothing is said twice."""
    assert for_both(ORDER_ZH, SHOP_ZH, "zh", "zh") == printed(ORDER_ZH, SHOP_ZH)


def test_what_is_not_the_same_paper_is_refused() -> None:
    """A clerk's word never lands beside another line's value."""
    with pytest.raises(ValueError, match="shorter"):
        bilingual(printed(ORDER_ZH, SHOP_ZH), replace(printed(ORDER_ZH, SHOP_ZH), blocks=()))
