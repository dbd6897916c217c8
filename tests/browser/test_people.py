"""People and their ways in: invited by mail, an app and a passkey, a lost phone, sessions that are ended."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import Someone
from tests.browser.server import Site
from tests.cast import PASSWORD
from tests.web.second_step import code_of
from tests.web.test_desk_people import mailed_link
from tribute.domain.permissions import Role

DESK = re.compile(r"/desk/$")
MODERATOR = "rena@memorial.example"
# A phone or a computer that keeps passkeys and makes sure by a finger who holds it.
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def by_name(site: Site) -> Site:
    """The same site under a name: browsers make no passkeys for a number."""
    return replace(site, url=f"http://localhost:{urlsplit(site.url).port}")


def device_of(page: Page) -> None:
    """Give this browser a device that keeps passkeys."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def sign_out(page: Page) -> None:
    """Press the button at the desk."""
    page.goto("/desk/")
    page.locator("form[action='/account/logout'] button").first.click()
    expect(page).not_to_have_url(DESK)


def set_up_app(page: Page) -> str:
    """Set an app up, by the key that stands below the picture."""
    page.goto("/account/factors")
    page.locator("section[aria-labelledby=app] a").click()
    page.locator("[value=authenticator]").click()
    secret = "".join(page.locator(".secret code").all_inner_texts())
    page.locator("[name=code]").fill(code_of(secret, -1))
    page.locator(".setup form button").click()
    expect(page.locator(".flashes")).to_contain_text("is set up")
    return secret


def add_passkey(page: Page) -> None:
    """Let the device make a passkey."""
    page.goto("/account/wan-register")
    page.locator("[name=name]").fill("My phone")
    page.locator("main form button").last.click()
    expect(page).to_have_url(re.compile("/account/factors$"))
    expect(page.locator(".flashes")).to_contain_text("The passkey is added.")


def test_a_moderator_is_invited_by_mail_and_comes_in(site: Site, someone: Someone) -> None:
    keeper, leyla = someone(site), someone(site, locale="az")
    steps.sign_in(keeper, site.person(Role.KEEPER, "Aytən", "ayten@memorial.example"))
    keeper.get_by_role("link", name="People").first.click()
    keeper.locator(".adding [name=email]").fill("leyla@memorial.example")
    keeper.locator(".adding [name=language]").select_option("az")
    keeper.locator(".adding [name=reads][value=az]").check()
    keeper.locator(".adding button").click()
    expect(keeper.locator(".said")).to_contain_text("The invitation is on its way to leyla@memorial.example.")
    leyla.goto(mailed_link(site.app))
    expect(leyla.locator("[name=email]")).to_have_value("leyla@memorial.example")
    leyla.locator("[name=name]").fill("Leyla")
    for field in ("password", "password_confirm"):
        leyla.locator(f"[name={field}]").fill(PASSWORD)
    leyla.locator("main form button").click()
    expect(leyla).to_have_url(DESK)
    expect(leyla.locator("html")).to_have_attribute("lang", "az")
    sign_out(leyla)
    steps.sign_in(leyla, "leyla@memorial.example")
    keeper.goto("/desk/people/")
    expect(keeper.locator("article", has_text="leyla@memorial.example")).to_contain_text("Invited by")


def test_an_app_and_a_passkey_are_set_up_and_each_lets_in(site: Site, someone: Someone) -> None:
    page = someone(by_name(site))
    device_of(page)
    steps.sign_in(page, site.person(Role.MODERATOR, "Rəna", MODERATOR))
    secret = set_up_app(page)
    add_passkey(page)
    sign_out(page)
    page.goto("/account/login")
    page.locator("form[action='/account/wan-signin'] button").click()
    expect(page).to_have_url(DESK)  # without a password
    sign_out(page)
    steps.give_password(page, MODERATOR)
    page.locator("[name=which][value=webauthn]").click()
    page.locator("main form button").click()
    expect(page).to_have_url(DESK)  # after one
    sign_out(page)
    steps.give_password(page, MODERATOR)
    page.locator("[name=which][value=authenticator]").click()
    page.locator("[name=code]").fill(code_of(secret))
    page.locator("main form button").click()
    expect(page).to_have_url(DESK)
    page.goto("/account/verify?next=/desk/you")
    page.locator(".passkey button").click()
    expect(page).to_have_url(re.compile("/desk/you$"))  # instead of the password again
    page.goto("/account/wan-register")
    page.locator(".ways button").click()
    expect(page.locator(".flashes")).to_contain_text("The passkey is taken away.")


def test_who_lost_the_phone_comes_in_by_a_recovery_code(site: Site, someone: Someone) -> None:
    page, other = someone(site), someone(site)
    steps.sign_in(page, site.person(Role.MODERATOR, "Rəna", MODERATOR))
    set_up_app(page)
    page.goto("/account/mf-recovery-codes")
    page.locator("main form button").click()
    codes = page.locator(".codes code").all_inner_texts()
    steps.give_password(other, MODERATOR)
    other.get_by_role("link", name="I do not have my phone").click()
    other.locator("[name=code]").fill(codes[3].upper())
    other.locator("main form button").click()
    expect(other).to_have_url(DESK)
    expect(other.locator(".said")).to_contain_text(f"{len(codes) - 1} recovery codes are left.")


def test_a_keeper_ends_somebodys_sessions(site: Site, someone: Someone) -> None:
    keeper, phone, laptop = (someone(site) for _each in range(3))
    steps.sign_in(keeper, site.person(Role.KEEPER, "Aytən", "ayten@memorial.example"))
    site.person(Role.MODERATOR, "Rəna", MODERATOR)
    for device in (phone, laptop):
        steps.sign_in(device, MODERATOR)
    keeper.goto("/desk/people/")
    keeper.get_by_role("link", name="Rəna").click()
    keeper.locator("form[action$='/end-sessions'] button").click()
    expect(keeper.locator(".said")).to_contain_text("They are signed out everywhere.")
    for device in (phone, laptop):
        device.goto("/desk/")
        expect(device).to_have_url(re.compile(r"/account/login\?next=/desk/$"))
    steps.sign_in(phone, MODERATOR)


def test_without_javascript_passkeys_say_what_they_need_and_the_app_works(site: Site, someone: Someone) -> None:
    page = someone(by_name(site), java_script_enabled=False)
    steps.sign_in(page, site.person(Role.MODERATOR, "Rəna", MODERATOR))
    page.goto("/account/wan-register")
    said = page.locator("noscript .note")
    expect(said).to_be_visible()
    assert "Passkeys need JavaScript" in said.inner_text()
    assert "Set up an authenticator app instead" in said.inner_text()
    secret = set_up_app(page)
    sign_out(page)
    steps.give_password(page, MODERATOR)
    page.locator("[name=code]").fill(code_of(secret))
    page.locator("main form button").click()
    expect(page).to_have_url(DESK)
