"""The people of the demo company who can sign in, one for each role."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

DEMO_PASSWORD = "dangol-demo-1"
DEMO_ACCOUNTS = {
    "admin@demo.dangol": _("Administrator"),
    "supervisor@demo.dangol": _("Supervisor"),
    "agent@demo.dangol": _("Agent"),
    "agent2@demo.dangol": _("Agent"),
    "site@demo.dangol": _("Site manager"),
    "region@demo.dangol": _("Site manager (region)"),
    "marketer@demo.dangol": _("Marketer"),
    "analyst@demo.dangol": _("Analyst"),
    "privacy@demo.dangol": _("Privacy officer"),
    "steward@demo.dangol": _("Data steward"),
    "steward2@demo.dangol": _("Data steward"),
}


def demo_accounts_exist() -> bool:
    """Whether this database holds the demo company with its well-known password."""
    from dangol.core.models import User

    return User.objects.filter(email="admin@demo.dangol", is_active=True).exists()


def on_the_sign_in_page(request: HttpRequest) -> dict[str, object]:
    """The accounts, shown on the sign-in page while the demo company is there."""
    if request.path != "/accounts/login/" or not demo_accounts_exist():
        return {}
    return {"demo_accounts": DEMO_ACCOUNTS.items(), "demo_password": DEMO_PASSWORD}
