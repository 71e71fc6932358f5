"""Every way in, as a person takes it: with an app's code, a recovery code, a passkey, the company's account, a link."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pyotp
import pytest
from playwright.async_api import CDPSession, Page, Request, Route, expect

from tests.e2e.conftest import ADMIN_PASSWORD, OpenPage, Site, run_cli, serve
from tests.oidc_provider import CLIENT, SECRET, OidcProvider, oidc_provider

CHOSEN = "rain on a tin roof"
HOME = re.compile(r"/o/opportunity/board")


@pytest.fixture(scope="module")
def idp() -> Iterator[OidcProvider]:
    with oidc_provider() as running:
        yield running


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server that may call this machine, under a name that browsers take for a safe one."""
    data_dir = tmp_path_factory.mktemp("sign-in")
    made = run_cli(
        data_dir, "init", "acme", "--title", "Acme", "--admin", "admin", "--password-stdin", stdin=ADMIN_PASSWORD + "\n"
    )
    assert made.returncode == 0, made.stderr
    for running in serve(data_dir, "serve", outgoing_hosts="127.0.0.1"):
        yield Site(running.address.replace("127.0.0.1", "localhost"), data_dir)


@pytest.fixture(scope="module")
def token(site: Site) -> str:
    return str(site.cli("token", "create", "admin", "--org", "acme")["token"])


def newcomer(site: Site, token: str, login: str, password: str | None = None) -> str:
    """A salesperson; without a password they wait for an invitation."""
    person = site.api("/records/person", {"name": f"新人 {login}"}, token=token)["id"]
    body = {"login": login, "roles": ["salesperson"], **({"password": password} if password else {})}
    site.api(f"/people/{person}/login", body, token=token)
    return str(person)


class App:
    """An authenticator app that never gives a code twice."""

    def __init__(self, secret: str) -> None:
        self._otp = pyotp.TOTP(secret.replace(" ", ""))
        self._step = int(time.time()) // 30 - 2

    def code(self) -> str:
        self._step += 1
        return self._otp.generate_otp(self._step)


async def sign_in(page: Page, login: str, password: str) -> None:
    await page.goto("/sign-in")
    await page.locator("#login").fill(login)
    await page.locator("#password").fill(password)
    await page.get_by_role("button", name="登录", exact=True).click()


async def sign_out(page: Page) -> None:
    me = await (await page.request.get("/api/v1/me")).json()
    assert (await page.request.delete("/api/v1/session", headers={"X-CSRF-Token": me["csrf"]})).ok


async def authenticator(page: Page) -> CDPSession:
    """A phone that always recognises its owner."""
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    await session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


async def test_with_an_app_and_with_a_recovery_code(open_page: OpenPage, site: Site, token: str, shot) -> None:
    newcomer(site, token, "codes", CHOSEN)
    page = await open_page(site, "codes", CHOSEN)
    await page.goto("/settings/account")
    box = page.locator("[data-factor=totp]")
    await box.get_by_role("button", name="设置验证器应用").click()
    await expect(box.locator("img")).to_have_attribute("src", re.compile("^data:image/svg"))
    await shot(page, "account-totp")
    app = App(await box.locator("form code").inner_text())
    await box.get_by_label("应用显示的六位数字").fill("000000")
    await box.get_by_role("button", name="完成设置").click()
    await expect(box.get_by_role("alert")).to_contain_text("验证码不正确")
    await box.get_by_label("应用显示的六位数字").fill(app.code())
    await box.get_by_role("button", name="完成设置").click()
    codes = page.locator("[data-recovery-codes] li code")
    await expect(codes).to_have_count(10)
    recovery = await codes.first.inner_text()
    await shot(page, "account-recovery-codes")
    await page.get_by_role("button", name="我已保存").click()
    await expect(codes).to_have_count(0)
    await expect(box.get_by_text("已开启")).to_be_visible()
    await sign_out(page)

    await sign_in(page, "codes", CHOSEN)
    await expect(page.get_by_role("heading", name="请再验证一次")).to_be_visible()
    await shot(page, "second-step")
    await page.get_by_label("验证码").fill("111111")
    await page.get_by_role("button", name="继续").click()
    await expect(page.get_by_role("alert")).to_contain_text("验证码不正确")
    await page.get_by_label("验证码").fill(app.code())
    await page.get_by_role("button", name="继续").click()
    await expect(page).to_have_url(HOME)
    await sign_out(page)

    await sign_in(page, "codes", CHOSEN)
    await page.get_by_role("button", name="手机不在身边").click()
    await page.get_by_label("恢复码").fill(recovery)
    await page.get_by_role("button", name="继续").click()
    await expect(page).to_have_url(HOME)
    await page.goto("/settings/account")
    await expect(page.locator("[data-factor=recovery]").get_by_text("还剩 9 个")).to_be_visible()
    row = page.locator("[data-session=current]")
    await expect(row).to_contain_text("Chrome")
    await expect(row).to_contain_text("恢复码")


async def test_with_a_passkey(open_page: OpenPage, site: Site, token: str, shot) -> None:
    newcomer(site, token, "keys", CHOSEN)
    page = await open_page(site, "keys", CHOSEN)
    await authenticator(page)
    await page.goto("/settings/account")
    box = page.locator("[data-factor=passkeys]")
    await box.get_by_label("给它起个名字").fill("我的笔记本")
    await box.get_by_role("button", name="添加通行密钥").click()
    await expect(box.locator("[data-passkey='我的笔记本']")).to_be_visible()
    await page.get_by_role("button", name="我已保存").click()
    await sign_out(page)

    await page.goto("/sign-in")
    await page.get_by_role("button", name="用通行密钥登录").click()
    await expect(page).to_have_url(HOME)
    await sign_out(page)
    # After a password it is the second step.
    await sign_in(page, "keys", CHOSEN)
    await shot(page, "second-step-passkey")
    await page.get_by_role("button", name="用通行密钥登录").click()
    await expect(page).to_have_url(HOME)

    await page.goto("/settings/account")
    await page.locator("[data-passkey]").get_by_role("button", name="移除").click()
    await page.get_by_role("dialog").get_by_role("button", name="移除").click()
    await expect(page.locator("[data-passkey]")).to_have_count(0)
    await sign_out(page)
    await page.goto("/sign-in")
    await page.get_by_role("button", name="用通行密钥登录").click()
    await expect(page.get_by_role("alert")).to_contain_text("无法用这个通行密钥登录")


async def test_with_the_company_s_account(open_page: OpenPage, site: Site, token: str, idp: OidcProvider, shot) -> None:
    newcomer(site, token, "wang")
    admin = await open_page(site, "admin", ADMIN_PASSWORD)
    await admin.goto("/settings/security")
    await expect(admin.get_by_text(f"{site.address}/api/v1/session/sso/callback")).to_be_visible()
    await admin.get_by_role("button", name="添加登录服务").click()
    drawer = admin.get_by_role("dialog")
    await drawer.get_by_label("按钮文字（中文）").fill("公司账号")
    await drawer.get_by_label("颁发者网址").fill(idp.issuer)
    await drawer.get_by_label("客户端 ID").fill(CLIENT)
    await drawer.get_by_label("客户端密钥").fill(SECRET)
    await shot(admin, "provider")
    await drawer.get_by_role("button", name="保存").click()
    row = admin.locator(f"[data-provider='{idp.issuer}']")
    await row.get_by_role("button", name="检查连接").click()
    await expect(admin.get_by_text("可以连接，配置完整")).to_be_visible()

    idp.claims = {"sub": "s-wang", "preferred_username": "wang"}
    page = await open_page(site)
    await page.goto("/o/account")
    await expect(page).to_have_url(re.compile(r"/sign-in\?next="))
    await shot(page, "sign-in-ways")
    await page.get_by_role("link", name="用公司账号登录").click()
    await expect(page).to_have_url(re.compile(r"/o/account$"))
    await expect(page.locator("main h1")).to_be_visible()
    await page.goto("/settings/account")
    await expect(page.locator("[data-session=current]")).to_contain_text("单点登录")

    idp.claims = {"sub": "s-nobody", "preferred_username": "nobody"}
    stranger = await open_page(site)
    await stranger.goto("/sign-in")
    await stranger.get_by_role("link", name="用公司账号登录").click()
    await expect(stranger.get_by_role("alert")).to_contain_text("没有对应的可用账号")


async def test_by_an_invitation_and_with_a_factor_that_the_role_needs(
    open_page: OpenPage, site: Site, token: str, shot
) -> None:
    newcomer(site, token, "invited")
    admin = await open_page(site, "admin", ADMIN_PASSWORD)
    await admin.goto("/settings/people")
    await admin.get_by_role("button", name="新人 invited").click()
    drawer = admin.get_by_role("dialog")
    await drawer.get_by_role("button", name="生成邀请链接").click()
    link = await drawer.locator("[data-link]").inner_text()
    assert link.startswith(f"{site.address}/set-password#link_acme_")
    await shot(admin, "invitation-link")

    page = await open_page(site)
    await page.goto(link)
    await expect(page.get_by_role("heading", name="欢迎使用了然")).to_be_visible()
    await expect(page.get_by_text("Acme，登录名 invited")).to_be_visible()
    await page.get_by_label("新密码").fill("invited2026")
    await page.get_by_label("再输入一次").fill("invited2026")
    await page.get_by_role("button", name="设置密码并登录").click()
    await expect(page.get_by_role("alert")).to_contain_text("不能只由登录名")
    await shot(page, "set-password")
    await page.get_by_label("新密码").fill(CHOSEN)
    await page.get_by_label("再输入一次").fill(CHOSEN)
    await page.get_by_role("button", name="设置密码并登录").click()
    await expect(page).to_have_url(HOME)
    used = await open_page(site)
    await used.goto(link)
    await expect(used.get_by_role("alert")).to_contain_text("已用过")

    await admin.goto("/settings/security")
    await admin.get_by_label("必须双重验证的角色").click()
    await admin.get_by_title("销售", exact=True).click()
    await admin.keyboard.press("Escape")
    await admin.get_by_role("button", name="保存", exact=True).click()
    await expect(admin.get_by_text("已保存")).to_be_visible()
    try:
        await page.goto("/o/account")
        await expect(page.get_by_role("heading", name="请设置双重验证")).to_be_visible()
        await shot(page, "second-factor-needed")
        await authenticator(page)
        await page.get_by_label("给它起个名字").fill("手机")
        await page.get_by_role("button", name="添加通行密钥").click()
        await page.get_by_role("button", name="我已保存").click()
        await expect(page).to_have_url(re.compile(r"/o/account$"))
    finally:
        site.api("/sign-in", {"second_factor_roles": []}, token=token, method="PATCH")


async def test_where_one_is_signed_in(open_page: OpenPage, site: Site, token: str) -> None:
    newcomer(site, token, "places", CHOSEN)
    here, there = await open_page(site, "places", CHOSEN), await open_page(site, "places", CHOSEN)
    await there.goto("/o/account")
    await here.goto("/settings/account")
    await expect(here.locator("[data-session]")).to_have_count(2)
    await here.locator("[data-session=other]").get_by_role("button", name="结束").click()
    await expect(here.locator("[data-session]")).to_have_count(1)
    await there.goto("/o/contact")
    await expect(there).to_have_url(re.compile(r"/sign-in\?next="))


async def test_the_keys_of_an_account_ask_once_more(open_page: OpenPage, site: Site, token: str) -> None:
    """A session that was left open is no way to a second factor, a token or a passkey."""
    newcomer(site, token, "later", CHOSEN)
    page = await open_page(site, "later", CHOSEN)

    confirmed: list[bool] = []

    async def as_if_long_ago(route: Route, request: Request) -> None:
        if request.method != "POST" or confirmed:
            return await route.continue_()
        refusal = {"status": 403, "code": "confirm_needed", "detail": "请先再次确认是您本人", "errors": []}
        return await route.fulfill(status=403, json=refusal, content_type="application/problem+json")

    page.on("response", lambda answer: confirmed.append(True) if "/me/confirm" in answer.url and answer.ok else None)
    await page.route("**/api/v1/tokens", as_if_long_ago)
    await page.goto("/settings/account")
    await page.get_by_label("用途").fill("ERP")
    await page.get_by_role("button", name="生成令牌").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("密码").fill("wrong password")
    await dialog.get_by_role("button", name="确认").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("当前密码不正确")
    await dialog.get_by_label("密码").fill(CHOSEN)
    await dialog.get_by_role("button", name="确认").click()
    await expect(page.get_by_text(re.compile("^liaoran_acme_"))).to_be_visible()
