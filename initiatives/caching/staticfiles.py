"""Static files as WhiteNoise serves them, less the list of them all, in an encoding that the request allows."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from whitenoise.middleware import WhiteNoiseMiddleware

from .encodings import acceptable_encodings


class StaticFiles(WhiteNoiseMiddleware):
    def add_file_to_dictionary(self, url, path, stat_cache=None):
        if not url.endswith(f"/{ManifestStaticFilesStorage.manifest_name}"):
            super().add_file_to_dictionary(url, path, stat_cache)

    @staticmethod
    def serve(static_file, request):
        """WhiteNoise looks for the names of encodings only, and would send one that the request excludes (q=0)."""
        accepted = acceptable_encodings(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        request.META["HTTP_ACCEPT_ENCODING"] = ", ".join(accepted)
        return WhiteNoiseMiddleware.serve(static_file, request)
