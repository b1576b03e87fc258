"""Two steps: an authenticator app, recovery codes, and a passkey, in a real browser."""

from __future__ import annotations

import base64
import hmac
import struct
import time
from collections.abc import Callable
from hashlib import sha1

import pytest
from playwright.sync_api import Browser, Page, expect

from dangol.demo.accounts import DEMO_PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]
SignIn = Callable[..., Page]
SUBMIT = "main form button[type=submit], .sheet form button[type=submit]"


def code_of(secret: str, at: float | None = None) -> str:
    """The six digits of an authenticator app (RFC 6238)."""
    counter = struct.pack(">Q", int((at or time.time()) // 30))
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, counter, sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def confirm_password(page: Page) -> None:
    """Changing how one signs in asks for the password once more."""
    if "/reauthenticate/" in page.url:
        page.fill("[name=password]", DEMO_PASSWORD)
        page.locator(SUBMIT).first.click()
        page.wait_for_url(lambda url: "/reauthenticate/" not in url)


def enter_password(page: Page, address: str, who: str) -> None:
    """The first step."""
    page.goto(f"{address}/accounts/login/")
    page.fill("[name=login]", f"{who}@demo.dangol")
    page.fill("[name=password]", DEMO_PASSWORD)
    page.click(".entrance-form button[type=submit]")


def test_a_code_of_an_app_is_the_second_step(stack, browser: Browser, sign_in: SignIn):
    page = sign_in("marketer")
    page.goto(f"{stack.address}/accounts/2fa/totp/activate/")
    confirm_password(page)
    expect(page.locator(".totp-picture")).to_be_visible()
    secret = page.locator("#authenticator_secret").input_value()
    page.fill("[name=code]", "000000")
    page.locator(SUBMIT).first.click()
    expect(page.locator(".error")).to_contain_text("맞지 않아요")
    page.fill("[name=code]", code_of(secret))
    page.locator(SUBMIT).first.click()
    expect(page.locator(".codes li")).to_have_count(10)
    recovery = page.locator(".codes li").first.inner_text()

    for code in (code_of(secret, time.time() + 30), recovery):
        other = browser.new_context(locale="ko-KR").new_page()
        enter_password(other, stack.address, "marketer")
        other.wait_for_url("**/2fa/authenticate/**")
        other.fill("[name=code]", "123123")
        other.locator(SUBMIT).first.click()
        expect(other.locator(".error")).to_contain_text("맞지 않아요")
        other.fill("[name=code]", code)
        other.locator(SUBMIT).first.click()
        other.wait_for_url(lambda url: "/accounts/" not in url)
        other.context.close()

    page.goto(f"{stack.address}/accounts/2fa/totp/deactivate/")
    confirm_password(page)
    page.locator(SUBMIT).first.click()
    expect(page.locator("main")).to_contain_text("꺼짐")


def test_a_passkey_signs_in_alone(stack, browser: Browser, sign_in: SignIn):
    address = stack.address.replace("127.0.0.1", "localhost")
    page = browser.new_context(locale="ko-KR").new_page()
    page.set_default_timeout(15_000)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                "hasUserVerification": True, "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip
    enter_password(page, address, "analyst")
    page.wait_for_url(lambda url: "/accounts/" not in url)
    page.goto(f"{address}/accounts/2fa/webauthn/add/")
    confirm_password(page)
    page.fill("[name=name]", "회사 노트북")
    page.check("[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/2fa/recovery-codes/**")
    page.goto(f"{address}/accounts/2fa/webauthn/")
    row = page.locator("main tbody tr")
    expect(row).to_contain_text("회사 노트북")
    expect(row).to_contain_text("단독 로그인")
    expect(row).to_contain_text("아직 안 씀")

    page.context.clear_cookies()
    page.goto(f"{address}/accounts/login/")
    page.click("#passkey_login")
    page.wait_for_url(lambda url: "/accounts/" not in url)
    page.goto(f"{address}/accounts/2fa/webauthn/")
    confirm_password(page)
    expect(page.locator("main tbody tr")).not_to_contain_text("아직 안 씀")
    page.context.close()
