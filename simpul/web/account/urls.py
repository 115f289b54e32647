"""Addresses under /akun/. Only the pages of allauth that are needed; sign-up, e-mail addresses and reset by mail do not exist."""

from __future__ import annotations

from django.urls import path

from simpul.web.account import factors, views

urlpatterns = [
    path("", views.home, name="account_home"),
    path("masuk/", views.sign_in, name="account_login"),
    path("masuk/kode/", factors.authenticate, name="mfa_authenticate"),
    path("masuk/kunci/", factors.sign_in_by_passkey, name="mfa_login_webauthn"),
    path("keluar/", views.sign_out, name="account_logout"),
    path("sandi/", views.change_password, name="account_change_password"),
    path("ulangi/", factors.confirm_password, name="account_reauthenticate"),
    path("ulangi/kode/", factors.confirm_code, name="mfa_reauthenticate"),
    path("ulangi/kunci/", factors.confirm_passkey, name="mfa_reauthenticate_webauthn"),
    path("kursi/", views.seats, name="account_seats"),
    path("faktor-kedua/", factors.index, name="mfa_index"),
    path("faktor-kedua/wajib/", factors.demanded, name="account_second_factor"),
    path("faktor-kedua/aplikasi/", factors.add_app, name="mfa_activate_totp"),
    path("faktor-kedua/aplikasi/lepas/", factors.remove_app, name="mfa_deactivate_totp"),
    path("faktor-kedua/kunci/", factors.index, name="mfa_list_webauthn"),
    path("faktor-kedua/kunci/tambah/", factors.add_passkey, name="mfa_add_webauthn"),
    path("faktor-kedua/kunci/<int:pk>/lepas/", factors.remove_passkey, name="mfa_remove_webauthn"),
    path("faktor-kedua/kode-cadangan/", factors.spare_codes, name="mfa_view_recovery_codes"),
    path("faktor-kedua/kode-cadangan/baru/", factors.new_spare_codes, name="mfa_generate_recovery_codes"),
    path(
        "faktor-kedua/kode-cadangan/unduh/", factors.download_spare_codes, name="mfa_download_recovery_codes"
    ),
]
