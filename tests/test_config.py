"""config.toml: whatever is wrong in it is named with its whole path, and no secret is ever repeated."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kiosk.config import check, load
from kiosk.errors import ConfigError
from kiosk.identifiers import SimRule
from kiosk.money import Money
from kiosk.tables import Secret

PROMOTION = {"name": {"en": "Summer"}, "percent": 10, "first_day": date(2026, 7, 1), "last_day": date(2026, 7, 31)}
TAX = {"kind": "tax", "name": {"en": "Sales tax"}, "percent": 8.875}
SIM = {"prefix": "8901", "provider": "airalo"}
PHONES = {"prefix": "+1", "provider": "airtime"}
CARD = "8900000461442300635"


def refusal(**tables: Any) -> str:
    """What the owner reads."""
    with pytest.raises(ConfigError) as caught:
        check(tables, "config.toml")
    return str(caught.value)


def test_an_empty_file_is_a_kiosk_with_sensible_settings() -> None:
    """Every key has a value that works, or is not needed."""
    config = check({}, "config.toml")

    assert (config.kiosk_id, config.currency, config.training) == ("K01", "USD", False)


def test_a_file_is_read_as_it_is_written(tmp_path: Path) -> None:
    """Tables, lists of tables, dates and numbers come to their types."""
    path = tmp_path / "config.toml"
    path.write_text(
        """
        kiosk = { id = "K07", time_zone = "America/Los_Angeles" }
        ledger = { mode = "training" }
        prices = { margin_percent = 25, round_up_to = "0.25", fixed = { us-10gb = "18.00" } }
        charges = [{ kind = "fee", name = { en = "Airport fee" }, amount = "1.00" }]
        sims = [{ prefix = "8901", lengths = [20, 19], provider = "airalo" }]
        providers = { airalo = { anything = 1 } }
        [[promotions]]
        name = { en = "Summer" }
        percent = 10
        first_day = 2026-07-01
        last_day = 2026-07-31
        """,
        encoding="utf-8",
    )

    config = load(path)

    assert (config.kiosk_id, config.training, str(config.zone)) == ("T07", True, "America/Los_Angeles")
    assert config.prices.margin_percent == Decimal(25)
    assert config.prices.fixed == {"us-10gb": Money(1800, "USD")}
    assert config.prices.round_up_to_minor == 25
    assert config.sims == (SimRule("8901", (19, 20), True, "airalo"), SimRule("89", (19, 20), True, "airalo"))
    assert [each.percent for each in config.promotions] == [10]


@pytest.mark.parametrize(
    ("tables", "key", "known"),
    [
        ({"kiosks": {}}, "config.toml: kiosks", "kiosk, ledger"),
        ({"kiosk": {"nam": "x"}}, "config.toml: kiosk.nam", "name"),
        ({"ledger": {"pepper": {"fil": "x"}}}, "config.toml: ledger.pepper.fil", "credential, env, file"),
        ({"charges": [TAX, TAX | {"percnt": 1}]}, "config.toml: charges[1].percnt", "percent"),
        ({"sims": [SIM | {"lenghts": [19]}]}, "config.toml: sims[0].lenghts", "lengths"),
        ({"promotions": [PROMOTION | {"plan": []}]}, "config.toml: promotions[0].plan", "plans"),
    ],
)
def test_an_unknown_key_is_named_with_its_path_and_the_known_ones(tables: dict[str, Any], key: str, known: str) -> None:
    """At every depth."""
    text = refusal(**tables)

    assert text.startswith(f"{key}: no such key; known here: ")
    assert known in text


@pytest.mark.parametrize(
    ("tables", "key"),
    [
        ({"kiosk": 5}, "kiosk"),
        ({"kiosk": {"name": 5}}, "kiosk.name"),
        ({"kiosk": {"address": ["a", 5]}}, "kiosk.address[1]"),
        ({"sims": {}}, "sims"),
        ({"sims": [5]}, "sims[0]"),
        ({"sync": {"workers": "4"}}, "sync.workers"),
        ({"sync": {"workers": 1.5}}, "sync.workers"),
        ({"sync": {"workers": True}}, "sync.workers"),
        ({"promotions": 5}, "promotions"),
        ({"promotions": [5]}, "promotions[0]"),
        ({"promotions": [PROMOTION | {"first_day": 5}]}, "promotions[0].first_day"),
        ({"ledger": {"pepper": {"env": 5}}}, "ledger.pepper.env"),
        ({"prices": {"fixed": {"us-10gb": 18}}}, "prices.fixed.us-10gb"),
        ({"charges": [{"kind": "tax", "name": {"en": 5}}]}, "charges[0].name.en"),
        ({"providers": {"airalo": 5}}, "providers.airalo"),
    ],
)
def test_a_wrong_type_is_named_with_its_path(tables: dict[str, Any], key: str) -> None:
    """And with what was expected."""
    text = refusal(**tables)

    assert text.startswith(f"config.toml: {key}: expected ")


@pytest.mark.parametrize(
    ("tables", "key"),
    [
        ({"kiosk": {"id": "k7"}}, "kiosk.id"),
        ({"kiosk": {"id": "T07"}}, "kiosk.id"),
        ({"kiosk": {"name": ""}}, "kiosk.name"),
        ({"kiosk": {"time_zone": "Mars/Olympus"}}, "kiosk.time_zone"),
        ({"kiosk": {"time_zone": "America"}}, "kiosk.time_zone"),
        ({"kiosk": {"time_zone": "../../etc/passwd"}}, "kiosk.time_zone"),
        ({"kiosk": {"currency": "usd"}}, "kiosk.currency"),
        ({"ledger": {"mode": "test"}}, "ledger.mode"),
        ({"sales": {"review_within_h": 0}}, "sales.review_within_h"),
        ({"sync": {"workers": 33}}, "sync.workers"),
        ({"sync": {"lease_s": -1}}, "sync.lease_s"),
        ({"prices": {"margin_percent": -1}}, "prices.margin_percent"),
        ({"prices": {"margin_percent": float("nan")}}, "prices.margin_percent"),
        ({"prices": {"round_up_to": "0"}}, "prices.round_up_to"),
        ({"prices": {"round_up_to": "half"}}, "prices.round_up_to"),
        ({"prices": {"fixed": {"us-10gb": "0.00"}}}, "prices.fixed.us-10gb"),
        ({"prices": {"fixed": {"us-10gb": "18.005"}}}, "prices.fixed.us-10gb"),
        ({"charges": [TAX, {"kind": "fee", "name": {"en": "Fee"}, "amount": "x"}]}, "charges[1].amount"),
        ({"charges": [TAX | {"amount": "1.00"}]}, "charges[0]"),
        ({"charges": [{"kind": "fee", "name": {"en": "Fee"}}]}, "charges[0]"),
        ({"charges": [TAX | {"name": {"zh": "税"}}]}, "charges[0].name"),
        ({"charges": [{"kind": "tax"}]}, "charges[0].name"),
        ({"sims": [SIM | {"prefix": "89x"}], "providers": {"airalo": {}}}, "sims[0].prefix"),
        ({"sims": [PHONES | {"prefix": "+44"}], "providers": {"airtime": {}}}, "sims[0].prefix"),
        ({"sims": [PHONES | {"prefix": "1"}, PHONES, PHONES], "providers": {"airtime": {}}}, "sims[2].prefix"),
        ({"sims": [PHONES | {"lengths": [10]}], "providers": {"airtime": {}}}, "sims[0].lengths"),
        (
            {"sims": [SIM, PHONES | {"check_digit": True}], "providers": {"airalo": {}, "airtime": {}}},
            "sims[1].check_digit",
        ),
        ({"sims": [SIM | {"lengths": []}], "providers": {"airalo": {}}}, "sims[0].lengths"),
        ({"sims": [SIM]}, "sims[0].provider"),
        ({"printer": {"port": 0}}, "printer.port"),
        ({"printer": {"required": True}}, "printer.required"),
        ({"printer": {"kind": "network"}}, "printer.host"),
        ({"printer": {"kind": "serial"}}, "printer.path"),
        ({"printer": {"kind": "cups"}}, "printer.queue"),
        ({"printer": {"kind": "cups", "queue": "-o"}}, "printer.queue"),
        ({"printer": {"kind": "usb", "usb_id": "0x04b8"}}, "printer.usb_id"),
        ({"printer": {"baud": 9601}}, "printer.baud"),
        ({"promotions": [PROMOTION | {"last_day": date(2026, 6, 1)}]}, "promotions[0].last_day"),
        ({"promotions": [PROMOTION | {"percent": 101}]}, "promotions[0].percent"),
        ({"promotions": [PROMOTION | {"name": {}}]}, "promotions[0].name"),
    ],
)
def test_what_makes_no_sense_is_named_with_its_path(tables: dict[str, Any], key: str) -> None:
    """Out of range, contradictory, or naming what is not there: one sentence, and the kiosk does not start."""
    text = refusal(**tables)

    assert text.startswith(f"config.toml: {key}: ")
    assert text.endswith(".")


def test_a_sim_names_the_table_of_its_provider() -> None:
    """The owner reads which table is missing."""
    assert "[providers.airalo]" in refusal(sims=[SIM])


@pytest.mark.parametrize(
    ("rules", "default"),
    [
        ([], "airalo"),
        ([{"prefix": "+1", "provider": "airtime"}], "airalo"),
        ([{"prefix": "+1", "provider": "airalo"}], "airtime"),
        ([{"prefix": "+1", "provider": "airalo"}, {"prefix": "89", "provider": "airalo"}], "airalo"),
        ([{"prefix": "8", "provider": "airtime"}], "airtime"),
    ],
)
def test_card_numbers_without_a_rule_go_to_the_first_provider_of_no_phones(
    rules: list[dict[str, str]], default: str
) -> None:
    """A provider that is named for phone numbers gets cards where a rule says so, and not by itself."""
    sims = check({"providers": {"airalo": {}, "airtime": {}}, "sims": rules}, "config.toml").sims
    cards = [rule for rule in sims if CARD.startswith(rule.prefix)]

    assert [rule.provider for rule in cards] == [default]


def test_a_shop_of_phone_numbers_alone_takes_no_cards() -> None:
    """Its only provider knows none."""
    sims = check({"providers": {"airtime": {}}, "sims": [PHONES]}, "config.toml").sims

    assert [rule.prefix for rule in sims] == ["+1"]


def test_a_missing_or_broken_file_is_a_sentence(tmp_path: Path) -> None:
    """With its path."""
    broken, binary = tmp_path / "broken.toml", tmp_path / "binary.toml"
    broken.write_text("kiosk = {", encoding="utf-8")
    binary.write_bytes(b"\xff\xfe\x00")

    for path, sentence in (
        (tmp_path / "none.toml", "No such file"),
        (tmp_path, "Is a directory"),
        (broken, "not valid TOML"),
        (binary, "not valid TOML"),
    ):
        with pytest.raises(ConfigError, match=sentence) as caught:
            load(path)
        assert str(path) in str(caught.value)


# --- secrets -----------------------------------------------------------------------------------------------------


def test_a_secret_is_read_from_where_it_lies(tmp_path: Path) -> None:
    """A file (with its home folder spelt out), or an environment variable that every process has."""
    (tmp_path / "key").write_text("s3cret\n", encoding="utf-8")

    assert Secret(file=str(tmp_path / "key")).read("x") == "s3cret"
    assert Secret(env="PATH").read("x") == os.environ["PATH"]


def test_a_home_folder_is_understood() -> None:
    """The message names the file itself, so that the owner sees where the kiosk looked."""
    with pytest.raises(ConfigError, match=str(Path.home())):
        Secret(file="~/no/such/secret").read("providers.airalo.client_secret")


@pytest.mark.parametrize("secret", [Secret(), Secret(env="A", file="b"), Secret(file="a", credential="b")])
def test_a_secret_lies_in_exactly_one_place(secret: Secret) -> None:
    """Neither nowhere nor in two."""
    with pytest.raises(ConfigError, match=r"tenders\.wechat\.key: say where the secret is"):
        secret.read("tenders.wechat.key")


@pytest.mark.parametrize(
    "secret", [Secret(env="KIOSK_NO_SUCH_VARIABLE"), Secret(credential="no-such"), Secret(file="/no/such/file")]
)
def test_a_missing_secret_says_which_and_where(secret: Secret) -> None:
    """Its key in the file, and the place that is empty."""
    with pytest.raises(ConfigError, match=r"tenders\.wechat\.key: .*(SUCH|such)"):
        secret.read("tenders.wechat.key")


@pytest.mark.parametrize(
    "pepper",
    ["hunter2", ["hunter2"], {"value": "hunter2"}, {"env": ["hunter2"]}],
)
def test_a_secret_in_the_wrong_place_is_not_repeated(pepper: Any) -> None:
    """An owner who pastes a secret into the file does not find it in the log."""
    assert "hunter2" not in refusal(ledger={"pepper": pepper})


def test_a_secret_that_is_no_text_is_not_repeated(tmp_path: Path) -> None:
    """Nor is a key file of bytes: the sentence names the file alone."""
    (tmp_path / "key").write_bytes(b"hunter2\xff\xfe")

    with pytest.raises(ConfigError, match=r"x\.key: .*key") as caught:
        Secret(file=str(tmp_path / "key")).read("x.key")

    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_the_limits_of_cash_and_of_one_clerk_are_amounts_of_the_shops_currency() -> None:
    """The owner hears of a wrong one at the start, and not when money is to go back."""
    config = check({"sales": {"refund_second_person_above": "100.00"}}, "config.toml")

    assert config.second_person_above == Money(10000, "USD")
    assert check({}, "config.toml").second_person_above is None
    yen = {"kiosk": {"currency": "JPY"}, "sales": {"refund_second_person_above": "100.50"}}
    assert "sales.refund_second_person_above: '100.50' is not an amount of JPY" in refusal(**yen)


def test_a_scanner_without_its_device_is_refused() -> None:
    """It would never be there; a path that is not whole would be looked for wherever the kiosk was started."""
    for table in ({"kind": "serial"}, {"kind": "input", "device": "event3"}):
        assert refusal(scanner=table).startswith("config.toml: scanner.device: a scanner of kind")
    assert refusal(scanner={"kind": "bluetooth"}) == (
        'config.toml: scanner.kind: expected one of "keyboard", "serial", "input".'
    )
    assert check({"scanner": {"kind": "serial", "device": "/dev/ttyACM0"}}, "c").file.scanner.baud == 9600
