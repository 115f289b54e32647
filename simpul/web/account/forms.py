"""Forms of the account pages: our fields and sentences around allauth's own checks."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from simpul.accounts import queries as account_queries
from simpul.accounts import signin
from simpul.web.forms import Choice, ChoiceField, Form, LineField, tidy_line

LANGUAGES = [Choice("id", "Bahasa Indonesia"), Choice("en", "English")]
_PASSWORD_WANTED = _("Write the password.")
_CODE_WANTED = _("Write the code.")


def _password(label: Any, autocomplete: str, **options: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete, "spellcheck": "false"})
    wanted = {"required": _PASSWORD_WANTED}
    return forms.CharField(
        label=label, strip=False, max_length=200, widget=widget, error_messages=wanted, **options
    )


def _code() -> forms.CharField:
    attributes = {
        "autocomplete": "one-time-code",
        "inputmode": "numeric",
        "spellcheck": "false",
        "data-width": "10",
    }
    return LineField(label=_("Code"), max_length=40, widget=forms.TextInput(attrs=attributes))


class SignInForm(account_forms.LoginForm):
    """One field for user name, e-mail or phone, and the password."""

    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        attributes = {"autocomplete": "username webauthn", "autocapitalize": "none", "spellcheck": "false"}
        self.fields["login"] = LineField(
            label=_("User name, e-mail or phone"),
            max_length=254,
            widget=forms.TextInput(attrs=attributes),
            error_messages={"required": _("Write your user name, e-mail address or phone number.")},
        )
        self.fields["password"] = _password(_("Your password"), "current-password")
        self.order_fields(["login", "password"])

    def user_credentials(self) -> dict[str, Any]:
        """What the back ends get: the name in its one spelling, so that the lock-out counts all spellings together."""
        name = account_queries.sign_in_key(self.cleaned_data["login"])
        return {"username": name, "password": self.cleaned_data.get("password")}


class PasswordForm(Form):
    """The present password and a new one, twice."""

    old = _password(_("The present password"), "current-password")
    new = _password(
        _("The new password"),
        "new-password",
        help_text=_(
            "At least 8 signs. Three or four words that only you would put together are easy to keep and hard to guess."
        ),
    )
    again = _password(_("The new password once more"), "new-password")

    def clean(self) -> dict[str, Any]:
        """Both spellings of the new password are the same."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("new") and cleaned.get("again") and cleaned["new"] != cleaned["again"]:
            self.add_error("again", _("The two new passwords differ. Type the new one again."))
        return cleaned


class LanguageForm(Form):
    """The language this person reads."""

    language = ChoiceField(label=_("Language"), choices=LANGUAGES, inline=True)


class ConfirmPasswordForm(account_forms.ReauthenticateForm):
    """The password once more, before something important is changed."""

    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["password"] = _password(_("Your password"), "current-password")


class _CodeField:
    """A code as typed, with gaps; ten tries a person within a quarter of an hour."""

    user: Any
    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"] = _code()
        self.fields["code"].error_messages["required"] = str(_CODE_WANTED)

    def clean_code(self) -> str:
        """The code, when it is right and there were not too many wrong ones."""
        if not signin.code_try_allowed(self.user.pk):
            raise ValidationError(_("Too many wrong codes. Wait 15 minutes and try again."), code="too_many")
        self.cleaned_data["code"] = tidy_line(self.cleaned_data["code"]).replace(" ", "").replace("-", "")
        code: str = super().clean_code()  # type: ignore[misc]
        signin.forget_code_tries(self.user.pk)
        return code


class CodeForm(_CodeField, mfa_forms.AuthenticateForm):
    """The second factor at sign-in: a code of the app, or a spare code."""


class ConfirmCodeForm(_CodeField, mfa_forms.ReauthenticateForm):
    """The second factor once more, before something important is changed."""


class AddAppForm(_CodeField, totp_forms.ActivateTOTPForm):
    """The first code of a new authenticator app proves that it was set up right."""


class AddPasskeyForm(webauthn_forms.AddWebAuthnForm):
    """A passkey, always one that asks for a finger, a face or a PIN: it is both factors at once."""

    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"] = LineField(
            label=_("Name of this passkey"),
            required=False,
            max_length=60,
            help_text=_("So that you know it again, for example: office laptop."),
        )
        self.fields["passwordless"].widget = forms.HiddenInput()
        self.initial["passwordless"] = "on"

    def clean(self) -> dict[str, Any]:
        """The key has to have checked its owner."""
        self.cleaned_data["passwordless"] = True
        if "credential" not in self.cleaned_data:
            raise get_adapter().validation_error("incorrect_code")
        return dict(super().clean())
