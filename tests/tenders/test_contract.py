"""Every tender keeps the contract: one line each. The other dialect of a rail keeps it in `make prove`."""

from __future__ import annotations

import pytest

from tests.tenders.alipay_rail import ALIPAY, ALIPAY_SCAN
from tests.tenders.antom_rail import ANTOM, ANTOM_SCAN
from tests.tenders.card_rail import CARD
from tests.tenders.contract import TenderContract
from tests.tenders.wechat_rail import WECHAT, WECHAT_MAINLAND, WECHAT_MAINLAND_SCAN, WECHAT_SCAN


class TestWechat(TenderContract):
    rail = WECHAT


@pytest.mark.prove
class TestWechatMainland(TenderContract):
    rail = WECHAT_MAINLAND


@pytest.mark.prove
class TestWechatScan(TenderContract):
    rail = WECHAT_SCAN


@pytest.mark.prove
class TestWechatMainlandScan(TenderContract):
    rail = WECHAT_MAINLAND_SCAN


@pytest.mark.prove
class TestAlipay(TenderContract):
    rail = ALIPAY


@pytest.mark.prove
class TestAlipayScan(TenderContract):
    rail = ALIPAY_SCAN


@pytest.mark.prove
class TestAntom(TenderContract):
    rail = ANTOM


@pytest.mark.prove
class TestAntomScan(TenderContract):
    rail = ANTOM_SCAN


class TestCard(TenderContract):
    rail = CARD
