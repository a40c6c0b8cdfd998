"""The entrance and « Mon compte »: views of allauth under addresses of ours, no more of them than are used.

They come before the addresses of the admin, whose own pages for logging in, logging out and changing
a password know nothing of a second factor.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.urls import path, re_path
from django.views.generic import RedirectView

from .views import AccountView, lost_password, of_readable_codes, remove_key

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("login/second-facteur/", mfa.authenticate, name="mfa_authenticate"),
    path("login/cle/", keys.login_webauthn, name="mfa_login_webauthn"),
    path("logout/", account.logout, name="account_logout"),
    path("compte-ferme/", account.account_inactive, name="account_inactive"),
    path("mot-de-passe-oublie/", lost_password, name="account_reset_password"),
    path("mot-de-passe-oublie/envoye/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe-oublie/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe-oublie/change/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("compte/", AccountView.as_view(), name="mfa_index"),
    path("compte/mot-de-passe/", account.password_change, name="account_change_password"),
    path("compte/mot-de-passe/choisir/", account.password_set, name="account_set_password"),
    path("compte/confirmer/", account.reauthenticate, name="account_reauthenticate"),
    path("compte/confirmer/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("compte/confirmer/cle/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("compte/application/", totp.activate_totp, name="mfa_activate_totp"),
    path("compte/application/retirer/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("compte/cles/", keys.list_webauthn, name="mfa_list_webauthn"),
    path("compte/cles/ajouter/", keys.add_webauthn, name="mfa_add_webauthn"),
    path("compte/cles/<int:pk>/renommer/", keys.edit_webauthn, name="mfa_edit_webauthn"),
    path("compte/cles/<int:pk>/retirer/", remove_key, name="mfa_remove_webauthn"),
    path("compte/codes-de-secours/", of_readable_codes(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("compte/codes-de-secours/renouveler/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(
        "compte/codes-de-secours.txt",
        of_readable_codes(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
