"""Signing in and out, what is kept about oneself, access tokens, the demo's accounts, and the small print."""

from django.urls import path

from . import demo, feedback, how_marking_works, record, small_print, tokens, views, weekly_mail

app_name = "account"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/sent/", views.link_sent, name="link_sent"),
    path("sign-in/<str:token>/", views.use_link, name="use_link"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("account/", record.account, name="account"),
    path("account/trail/", record.trail, name="trail"),
    path("feedback/", feedback.give, name="feedback"),
    path("feedback/sent/", feedback.sent, name="feedback_sent"),
    path("demo/", demo.accounts, name="demo"),
    path("demo/sign-in/", demo.sign_in, name="demo_sign_in"),
    path("how-marking-works/", how_marking_works.how_marking_works, name="how_marking_works"),
    path("account/tokens/", tokens.token_list, name="tokens"),
    path("account/tokens/new/", tokens.new_token, name="new_token"),
    path("account/tokens/<uuid:public_id>/revoke/", tokens.revoke_token, name="revoke_token"),
    path("account/weekly-mail/", weekly_mail.choose, name="weekly_mail"),
    path("weekly-mail/<str:token>/", weekly_mail.stop, name="stop_weekly_mail"),
    path("privacy/", small_print.privacy, name="privacy"),
    path("accessibility/", small_print.accessibility, name="accessibility"),
]
