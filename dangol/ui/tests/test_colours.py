"""The colours of kinds part for every kind of colour sight."""

import itertools
import math
import re
from pathlib import Path

import numpy as np
import pytest

TOKENS = Path(__file__).resolve().parents[3] / "frontend/css/tokens.css"
KIND = re.compile(r"--kind-(\d): light-dark\(oklch\(([^)]+)\), oklch\(([^)]+)\)\)")
SIGHTS = {
    # Machado, Oliveira and Fernandes 2009, severity 1.0, over linear RGB
    "all colours": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]]),
}  # fmt: skip
LMS = np.array([[1, 0.3963377774, 0.2158037573], [1, -0.1055613458, -0.0638541728], [1, -0.0894841775, -1.291485548]])  # fmt: skip
RGB = np.array([[4.0767416621, -3.3077115913, 0.2309699292], [-1.2684380046, 2.6097574011, -0.3413193965], [-0.0041960863, -0.7034186147, 1.707614701]])  # fmt: skip
LEAST = 0.09
"""Distance in OKLab: four times what is just noticeable side by side."""


def linear(written):
    """Linear RGB of "51.7% 0.092 185"."""
    light, chroma, hue = (float(part.rstrip("%")) for part in written.split())
    angle = math.radians(hue)
    lab = np.array([light / 100, chroma * math.cos(angle), chroma * math.sin(angle)])
    return np.clip(RGB @ (LMS @ lab) ** 3, 0, 1)


def lab(rgb):
    """OKLab of linear RGB."""
    root = np.cbrt(np.linalg.inv(RGB) @ rgb)
    return np.linalg.inv(LMS) @ root


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_eight_kinds_part_for_every_eye(sight, theme):
    found = {
        k: linear(a if theme == "light" else b) for k, a, b in KIND.findall(TOKENS.read_text())
    }
    assert len(found) == 8
    seen = {k: lab(np.clip(SIGHTS[sight] @ rgb, 0, 1)) for k, rgb in found.items()}
    for one, other in itertools.combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) > LEAST, (one, other)
