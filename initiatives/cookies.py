"""The public pages read no cookie: one that a browser brings by mistake can neither change nor mark them."""

from django.conf import settings


def only_at_the_desk(get_response):
    """Hide the cookies from every address but those they are made for."""

    def middleware(request):
        if not request.path_info.startswith(settings.SESSION_COOKIE_PATH):
            request.META.pop("HTTP_COOKIE", None)
        return get_response(request)

    return middleware
