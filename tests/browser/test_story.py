"""The loop turns once, in real pages: from a file of purchases to the boards and the closed case."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import answer, finish, reach

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]
SITE = "S-11-001"
SEOUL = ZoneInfo("Asia/Seoul")
SignIn = Callable[..., Page]


def purchase_files() -> tuple[str, str]:
    """A customer, and the car that they bought seven days ago at the site."""
    when = dt.datetime.now(SEOUL) - dt.timedelta(days=7)
    customers = f"고객번호,이름,휴대폰,사업장\nST1,한단골,010-8888-7777,{SITE}\n"
    sales = (
        "거래번호,고객번호,거래일,사업장,구분,상품코드,금액\n"
        f"STX1,ST1,{when:%Y-%m-%d} 00:10,{SITE},판매,HB-V5,41000000\n"
    )
    return customers, sales


def import_file(admin: Page, address: str, kind: str, text: str) -> None:
    """Upload, look ahead, load; the file is CP949 as spreadsheets in Korea write it."""
    admin.goto(f"{address}/imports/new/")
    choice = admin.locator(f"[name=kind][value={kind}]")
    if choice.count():
        choice.check()
    else:
        admin.select_option("[name=kind]", kind)
    admin.fill("[name=source]", "story")
    content = text.encode("cp949")
    admin.set_input_files(
        "[name=file]", files=[{"name": f"{kind}.csv", "mimeType": "text/csv", "buffer": content}]
    )
    admin.wait_for_timeout(200)
    if "/columns/" not in admin.url:
        admin.locator("main form button[type=submit]").last.click()
    admin.wait_for_url("**/columns/")
    admin.click("form[data-mapping] button[type=submit]")
    admin.locator("form[action$='/load/'] button").click(timeout=30_000)
    expect(admin.locator("#standing .notice, #standing [role=status]").first).to_be_visible(
        timeout=30_000
    )


def open_programme(supervisor: Page, address: str) -> None:
    """A programme that comes before all others: seven days after a sale, at any hour."""
    supervisor.goto(f"{address}/programmes/new/")
    supervisor.fill("[name=name]", "이야기 해피콜")
    supervisor.select_option("[name=place]", label="한빛자동차")
    supervisor.fill("[name=priority]", "1")
    supervisor.fill("[name=starts_on]", dt.datetime.now(SEOUL).date().isoformat())
    supervisor.fill("[name=quarantine_days]", "0")
    supervisor.fill("[name=country]", "")
    for day in range(7):
        supervisor.fill(f"[name=hours_{day}]", "00:00-24:00")
    supervisor.locator("main form button[type=submit]").last.click()
    supervisor.wait_for_url(re.compile(r"/programmes/[0-9a-f-]{36}/"))
    if not supervisor.url.rstrip("/").endswith("stages"):
        supervisor.locator("main a[href$='/stages/']").first.click()
    supervisor.fill("[name=name]", "7일")
    supervisor.fill("[name=days_after]", "7")
    supervisor.select_option("[name=kind]", "sale")
    van = supervisor.locator("[name=product] option", has_text="나르 5").get_attribute("value")
    supervisor.select_option("[name=product]", van)
    supervisor.fill("[name=script]", "{customer} 고객님, {site}에서 받으신 {product} 어떠세요?")
    supervisor.select_option("[name=questionnaire]", label="구매 해피콜")
    supervisor.keyboard.press("Control+Enter")
    supervisor.wait_for_url(re.compile(r"/programmes/[0-9a-f-]{36}/$"))


def index_of(board: Page) -> str:
    """The figures of an open board."""
    return board.locator(".board-strip").inner_text()


def has_moved(board: Page, before: str) -> None:
    """The figures of an open board are others now; nobody reloaded it."""
    expect(board.locator("html[data-line=on]")).to_be_attached()
    expect(board.locator(".board-strip")).not_to_have_text(
        before, use_inner_text=True, timeout=15_000
    )


def test_from_the_purchase_to_the_closed_case(stack, sign_in: SignIn):
    address = stack.address
    admin = sign_in("admin")
    customers, sales = purchase_files()
    import_file(admin, address, "customers", customers)
    import_file(admin, address, "transactions", sales)
    open_programme(sign_in("supervisor"), address)
    stack.command("work", "--drain")

    site, region = sign_in("site"), sign_in("region")
    before_site, before_region = index_of(site), index_of(region)

    agent = sign_in("agent")
    expect(agent).to_have_url(re.compile("/desk/"))
    reach(agent)
    expect(agent.locator("main")).to_contain_text("한단골")
    expect(agent.locator("main")).to_contain_text("어떠세요?")
    for question in ("reception", "explanation", "contract"):
        answer(agent, question, "4")
    for question in ("delivery", "overall"):
        answer(agent, question, "1")
    agent.locator("[name=q-voice]").fill("출고가 세 번이나 미뤄졌어요")
    expect(agent.locator("[data-autosave-mark]").first).not_to_be_empty()
    agent.reload()
    expect(agent.locator("[name=q-voice]")).to_have_value("출고가 세 번이나 미뤄졌어요")
    agent.keyboard.press("v")
    finish(agent, late_pulse=True)

    # both boards moved by themselves
    has_moved(site, before_site)
    has_moved(region, before_region)

    # the case stands at the site, with the customer's words and a running clock
    site.goto(f"{address}/cases/")
    site.get_by_text("출고가 세 번이나 미뤄졌어요").first.click()
    expect(site.locator("#record")).to_contain_text("출고가 세 번이나 미뤄졌어요")
    case = site.url
    site.fill("[name=resolution]", "출고일을 확정하고 점장이 사과했습니다")
    site.click("form[action$='/resolution/'] button[type=submit]")
    expect(site.locator("form[action$='/confirmation/']")).to_be_visible()

    # the customer says that it is not solved: the case comes back
    confirm(agent, address, solved=False)
    expect(site.locator("form[action$='/resolution/']")).to_be_visible()
    site.fill("[name=resolution]", "차를 집으로 인도했습니다")
    site.click("form[action$='/resolution/'] button[type=submit]")
    expect(site.locator("form[action$='/confirmation/']")).to_be_visible()

    # now it is: the cycle ends, the open page shows it by itself
    confirm(agent, address, solved=True)
    expect(site.locator("#record .badge").first).to_contain_text("종료")

    # two clicks from the board's figure to the answers and the call
    site.goto(f"{address}/board/")
    site.keyboard.press("a")
    site.wait_for_url("**/answers/**")
    site.locator("tr[data-href]").first.click()
    site.wait_for_url(re.compile(r"/answers/[0-9a-f-]{36}/"))
    expect(site.locator("main a[href*='/interactions/']").first).to_be_visible()
    assert case


def confirm(agent: Page, address: str, *, solved: bool) -> None:
    """The confirmation call falls due by itself and comes first."""
    agent.goto(f"{address}/desk/")
    for _ in range(30):
        reach(agent)
        if "한단골" in agent.locator("main").inner_text():
            break
        answer(agent, "solved", "yes")
        finish(agent)
    answer(agent, "solved", "yes" if solved else "no")
    if not solved:
        agent.locator("[name=q-remaining]").fill("아직 차를 못 받았어요")
    finish(agent)
