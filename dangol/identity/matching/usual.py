"""The parameters that the product brings, in use until a company's own records have taught others.

Learned by the product's own model from a million records of thirty generated Korean sources
(benchmarks/resolve.py), rounded.
"""

from __future__ import annotations

from dangol.identity.matching.parameters import Parameters

USUAL = Parameters(
    prior=4e-6,
    m={
        "name.same": 0.91, "name.typo": 0.035, "name.sound": 0.034, "name.latin": 0.001,
        "name.alike": 0.004, "name.turned": 0.002, "name.half": 0.004,
        "name.given": 0.001, "name.two_typos": 0.001, "name.foreign": 0.001, "name.family": 0.0175,
        "name.else": 0.011, "phone.same": 0.83, "phone.typo": 0.035, "phone.else": 0.135,
        "email.same": 0.874, "email.typo": 0.036, "email.local": 0.001, "email.else": 0.089,
        "number.same": 0.95, "number.typo": 0.03, "number.else": 0.02, "birth.same": 0.968, "birth.typo": 0.015, "birth.turned": 0.001, "birth.year": 0.0016,
        "birth.else": 0.0148, "address.unit": 0.254, "address.postcode_unit": 0.136,
        "address.building": 0.061, "address.line": 0.01, "address.postcode_typo": 0.003, "address.postcode": 0.030, "address.district": 0.095,
        "address.else": 0.43, "gender.same": 0.997, "gender.else": 0.003,
    },
    u={
        "name.same": 5.7e-05, "name.typo": 2.7e-04, "name.sound": 2.3e-05, "name.latin": 1e-06, "name.alike": 1e-06, "name.turned": 1e-06,
        "name.half": 1e-04,
        "name.given": 6.2e-04, "name.two_typos": 1.9e-03, "name.foreign": 1.7e-03,
        "name.family": 0.073, "name.else": 0.92, "phone.same": 4.9e-06, "phone.typo": 2.7e-06,
        "phone.else": 1.0, "email.same": 2.8e-06, "email.typo": 8.5e-06, "email.local": 1e-06,
        "email.else": 1.0, "number.same": 1e-06, "number.typo": 1e-05, "number.else": 1.0, "birth.same": 5.5e-05, "birth.typo": 1.6e-03, "birth.turned": 2.2e-05,
        "birth.year": 0.0163, "birth.else": 0.982, "address.unit": 5.4e-06,
        "address.postcode_unit": 3e-06, "address.building": 1e-06, "address.line": 1e-06, "address.postcode_typo": 5e-04, "address.postcode": 7.7e-05,
        "address.district": 7.1e-03, "address.else": 0.993, "gender.same": 0.54, "gender.else": 0.46,
    },
)  # fmt: skip
