"""Every tender keeps the contract: one line each."""

from __future__ import annotations

from tests.tenders.alipay_rail import ALIPAY
from tests.tenders.contract import TenderContract
from tests.tenders.wechat_rail import WECHAT


class TestWechat(TenderContract):
    rail = WECHAT


class TestAlipay(TenderContract):
    rail = ALIPAY
