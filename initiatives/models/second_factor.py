from allauth.mfa.models import Authenticator


class SecondFactor(Authenticator):
    """What proves who someone of the staff is, beside the password; allauth's, in the words of the site."""

    KINDS = {
        Authenticator.Type.TOTP: "application de codes",
        Authenticator.Type.WEBAUTHN: "clé",
        Authenticator.Type.RECOVERY_CODES: "codes de secours",
    }

    class Meta:
        proxy = True
        verbose_name = "second facteur"
        verbose_name_plural = "seconds facteurs"

    def __str__(self):
        return f"{self.kind} de {self.user}"

    @property
    def kind(self) -> str:
        return self.KINDS[self.type]
