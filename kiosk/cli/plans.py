"""`kiosk plans`: a SIM and the plans it takes, at retail prices."""

from __future__ import annotations

from typing import Any

import click

from kiosk.assembly import House
from kiosk.cli.common import CHECKED, JSON, NUMBER, sim_number, table, with_house
from kiosk.cli.out import put, say_json
from kiosk.cli.sell import asked
from kiosk.coverage import coverage_of
from kiosk.identifiers import grouped_number
from kiosk.money import Money
from kiosk.offers import covers
from kiosk.plans import Plan, PriceList, Sim, total_of
from kiosk.sale import lines_of
from kiosk.texts import texts

NOT_NOW = "not available now"


@click.command("plans")
@NUMBER
@CHECKED
@JSON
@with_house
def command(house: House, number: str, checked: bool, as_json: bool) -> None:
    """Show a SIM and its plans. Asks the provider; changes nothing."""
    sim = asked(house, sim_number(house, number, checked=checked), unseen=True)
    prices, left_to_sell = house.config.prices, house.left_to_sell(sim.provider)
    promotions = house.settings().offered(house.config.promotions)
    plans = [
        (plan, total_of(lines_of(house.config, plan, "en", house.clock.now(), promotions=promotions)))
        for plan in sim.plans
        if prices.sells(plan)
    ]
    if as_json:
        told = [
            told_plan(
                plan, total, covers(left_to_sell, plan), coverage_of(house.config, sim.provider, plan, texts("en"))
            )
            for plan, total in plans
        ]
        say_json(told_sim(sim) | {"plans": told})
        return
    left = "" if sim.left_mb is None else f", {sim.left_mb} MB left"
    standing = "active" if sim.active else "new, not yet activated"
    standing = standing if sim.remembered_at is None else "not checked"
    network = f"{sim.network}, " if sim.network else ""
    put(f"{grouped_number(sim.number)}: {network}{standing}{left} ({sim.provider})")
    warn_of_unpriced(sim, prices)
    if not plans:
        put("There is no plan for this SIM.")
        return
    rows = [
        (plan.id, data_of(plan), lasting(plan), str(total), "" if covers(left_to_sell, plan) else NOT_NOW)
        for plan, total in plans
    ]
    table(rows, ("PLAN", "DATA", "FOR", "PRICE", ""))


def warn_of_unpriced(sim: Sim, prices: PriceList) -> None:
    """Tell the owner which plans nobody can buy here."""
    if unpriced := [plan for plan in sim.plans if not prices.sells(plan)]:
        bought_in = unpriced[0].wholesale.currency
        put(
            f"{len(unpriced)} not for sale: bought in {bought_in}, sold in {prices.currency}."
            " Give them a price in [prices.fixed].",
            err=True,
        )


def told_sim(sim: Sim) -> dict[str, Any]:
    """The SIM for a script; how much is left is as old as `as_of`. `remembered_at`: nobody could look at it."""
    return {
        "sim_number": sim.number,
        "provider": sim.provider,
        "network": sim.network,
        "active": sim.active,
        "left_mb": sim.left_mb,
        "left_until": sim.left_until.isoformat() if sim.left_until else None,
        "as_of": sim.as_of.isoformat() if sim.as_of else None,
        "remembered_at": sim.remembered_at.isoformat() if sim.remembered_at else None,
    }


def told_plan(plan: Plan, total: Money, available: bool, coverage: str) -> dict[str, Any]:
    """A plan for a script, with what the customer pays, and where it works (empty where nobody says)."""
    return {
        "id": plan.id,
        "title": plan.title,
        "data_mb": plan.data_mb,
        "days": plan.days,
        "total_minor": total.amount_minor,
        "currency": total.currency,
        "coverage": coverage,
        "available": available,
    }


def lasting(plan: Plan) -> str:
    return "" if plan.is_credit else f"{plan.days} days"


def data_of(plan: Plan) -> str:
    """`10 GB`, `500 MB`, `unlimited` or `10.00 USD credit`."""
    if plan.is_credit:
        return plan.name
    if plan.data_mb is None:
        return "unlimited"
    return f"{plan.data_mb / 1024:g} GB" if plan.data_mb >= 1024 else f"{plan.data_mb} MB"
