"""The parameters that the product brings for organisations, until a company's records teach others."""

from __future__ import annotations

from dangol.identity.matching.parameters import Parameters

USUAL_COMPANIES = Parameters(
    prior=1e-5,
    m={
        "name.same": 0.85, "name.sound": 0.06, "name.typo": 0.03, "name.part": 0.01,
        "name.else": 0.05, "branch.same": 0.5, "branch.one": 0.49, "branch.else": 0.01, "registration.same": 0.95, "registration.typo": 0.03,
        "registration.else": 0.02, "corporate.same": 0.97, "corporate.typo": 0.02,
        "corporate.else": 0.01, "phone.same": 0.60, "phone.line": 0.10, "phone.typo": 0.03,
        "phone.else": 0.27, "email.same": 0.40, "email.domain": 0.40, "email.else": 0.20,
        "owner.same": 0.85, "owner.typo": 0.03, "owner.else": 0.12, "address.unit": 0.1,
        "address.postcode_unit": 0.05, "address.building": 0.35, "address.line": 0.01,
        "address.postcode_typo": 0.003, "address.postcode": 0.10, "address.district": 0.10,
        "address.else": 0.287,
    },
    u={
        "name.same": 1e-4, "name.sound": 2e-5, "name.typo": 1e-4, "name.part": 1e-4,
        "name.else": 1.0, "branch.same": 0.02, "branch.one": 0.9, "branch.else": 0.1, "registration.same": 1e-6, "registration.typo": 1e-6,
        "registration.else": 1.0, "corporate.same": 1e-6, "corporate.typo": 1e-6,
        "corporate.else": 1.0, "phone.same": 1e-5, "phone.line": 1e-4, "phone.typo": 1e-5,
        "phone.else": 1.0, "email.same": 2e-6, "email.domain": 1e-5, "email.else": 1.0,
        "owner.same": 1e-4, "owner.typo": 1e-3, "owner.else": 1.0, "address.unit": 1e-6,
        "address.postcode_unit": 1e-6, "address.building": 1e-5, "address.line": 1e-6,
        "address.postcode_typo": 5e-4, "address.postcode": 1e-4, "address.district": 7e-3,
        "address.else": 0.99,
    },
)  # fmt: skip
