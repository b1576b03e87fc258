"""The hidden truth of the demo company: what the models of later days have to find out.

Kept in a file beside the database (`var/demo/truth.npz`), never in it: site quality, customer
temper, season and items. An answer on 1–5 is drawn from

    latent = BASE + quality[site] + temper[customer] + experience[visit] + item + season[month] + N(0, NOISE)

and cut at CUTS. Experience is the same for all answers of a visit, and lets customers leave (`lives.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

BASE, NOISE, EXPERIENCE = 0.95, 0.5, 0.56
CUTS = np.array([-1.6, -0.75, 0.1, 1.0])
SEASON = np.array([0.05, 0.02, -0.02, 0.0, 0.04, 0.02, -0.08, -0.12, 0.0, 0.05, 0.03, 0.01])
ITEMS = {
    "reception": 0.35, "explanation": 0.1, "contract": 0.0, "delivery": -0.2, "booking": 0.15,
    "time_kept": -0.25, "repair": 0.05, "performance": 0.3, "quality": 0.0, "economy": -0.3,
    "comfort": 0.2, "overall": 0.05, "nps": 0.0,
}  # fmt: skip


@dataclass
class Truth:
    """Draws that answers depend on; arrays are indexed like the sites and customers of the run."""

    site_keys: list[str]
    site_quality: np.ndarray
    site_drift: np.ndarray
    customer_temper: np.ndarray

    def save(self, path: Path, customer_keys: list[str]) -> None:
        """Keep the truth for tests of models."""
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(
            path,
            site_keys=np.array(self.site_keys),
            site_quality=self.site_quality,
            site_drift=self.site_drift,
            customer_keys=np.array(customer_keys),
            customer_temper=self.customer_temper,
            items=np.array([f"{k}={v}" for k, v in ITEMS.items()]),
            season=SEASON,
            model=np.array([BASE, NOISE, EXPERIENCE, *CUTS]),
        )


def draw_truth(rng: np.random.Generator, site_keys: list[str], customers: int) -> Truth:
    """Sites differ by half a step and drift slowly; customers by as much."""
    n = len(site_keys)
    return Truth(
        site_keys, rng.normal(0, 0.42, n), rng.normal(0, 0.12, n), rng.normal(0, 0.45, customers)
    )


def drawn_values(
    rng: np.random.Generator,
    truth: Truth,
    site: np.ndarray,
    customer: np.ndarray,
    at: np.ndarray,
    experience: np.ndarray,
    item: str,
) -> np.ndarray:
    """Answers on 1–5 for rows of (site, customer, instant, experience)."""
    month = at.astype("datetime64[M]").astype(int) % 12
    years = (at - at.max()).astype("timedelta64[D]").astype(float) / 365
    latent = BASE + truth.site_quality[site] + truth.site_drift[site] * years
    latent = latent + truth.customer_temper[customer] + experience
    latent = latent + ITEMS.get(item, 0.0) + SEASON[month]
    return 1 + np.searchsorted(CUTS, latent + rng.normal(0, NOISE, len(site)))
