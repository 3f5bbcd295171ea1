"""Middleware of the project: the content security policy, and the door of the console."""

from csp.middleware import CSPMiddleware, PolicyParts


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The strict policy on every page, and the tightest that Wagtail's admin allows below /admin/."""

    # Wagtail's admin writes inline scripts and styles and shows `blob:` previews; nothing from elsewhere there either.
    ADMIN = {
        "default-src": ["'self'"],
        "script-src": ["'self'", "'unsafe-inline'", "'unsafe-eval'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "frame-src": ["'self'"],
        "frame-ancestors": ["'self'"],
    }

    def get_policy_parts(self, request, response, report_only=False):
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith("/admin/") and not report_only:
            return PolicyParts(parts.config, parts.update, {**self.ADMIN, **(parts.replace or {})}, parts.nonce)
        return parts
