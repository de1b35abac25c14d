"""What a visitor types to sign in."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    """An e-mail address, and the page to open afterwards. Whether the address may sign in is for people.signin."""

    email = forms.CharField(
        label=_("Email address"),
        help_text=_("We will send a link to this address. You do not need a password."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": _("Enter your email address."),
            "max_length": _("Enter an email address of 254 characters or fewer."),
        },
    )
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
