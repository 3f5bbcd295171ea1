# PixlPix as one image: web, worker and every command run from it. Python is pinned to its exact version; the digest of the
# base was not known where this was written: add it (`@sha256:…`) when you build, so that nobody can change what is below you.
FROM python:3.11.14-slim-bookworm AS build

ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
# Only what we run on, all of it by exact version, and all of it ready-made: no compiler is needed. Before the code, so that
# a change of the code installs nothing anew.
COPY requirements.txt /build/
RUN pip install --only-binary :all: -r /build/requirements.txt
COPY . /site
WORKDIR /site
# Static files get their final names here. The values are for this one step, in which nothing is asked that they name.
RUN DEBUG=0 SECRET_KEY=only-to-collect-static-files SITE_URL=https://localhost ALLOWED_HOSTS=localhost \
    CACHE_URL=locmemcache:// TRUSTED_PROXY_COUNT=0 MAIL_API_KEY=none VAULT_BUCKET=none MEDIA_BUCKET=none ALERT_EMAILS=none \
    python manage.py collectstatic --no-input && python -m compileall -q /site


FROM python:3.11.14-slim-bookworm

ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# A user that owns nothing and can write only to /tmp: what is broken into cannot change the code.
RUN useradd --system --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin pixlpix
COPY --from=build /venv /venv
COPY --from=build /site /site
WORKDIR /site
USER 10001
EXPOSE 8080
# The process answers, whatever else is down.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=6 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
# gunicorn.conf.py says the rest; WEB_CONCURRENCY how many processes, WEB_THREADS how many threads each.
CMD ["gunicorn", "pixlpix.wsgi", "--bind", "0.0.0.0:8080", "--worker-tmp-dir", "/dev/shm"]
