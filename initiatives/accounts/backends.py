"""Who can log in at all."""

from django.contrib.auth.backends import ModelBackend


class StaffBackend(ModelBackend):
    """Active staff, asked at each request: a session ends as soon as its account is disabled or is no longer staff."""

    def user_can_authenticate(self, user):
        return super().user_can_authenticate(user) and user.is_staff
