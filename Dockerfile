FROM python:3.13-slim-trixie AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore

WORKDIR /app
COPY requirements-production.lock ./
# The environment comes without pip; every package has a wheel, so nothing is compiled.
RUN python -m venv --without-pip /opt/venv \
    && python -m pip --python /opt/venv/bin/python install \
        --require-hashes --only-binary :all: -r requirements-production.lock

COPY . .
# Settings that never connect, for this one command; none of them stays in the image. The final file system is
# read-only, so modules are compiled here.
RUN SECRET_KEY=only-for-collectstatic ALLOWED_HOSTS=localhost DATABASE_URL=postgresql://%2Fnonexistent/build \
        /opt/venv/bin/python manage.py collectstatic --no-input \
    && /opt/venv/bin/python -m compileall -q conditions directory specialists


FROM python:3.13-slim-trixie

# Root owns the code, so that the site cannot change itself; it writes to its media folder and /tmp only.
RUN python -m pip uninstall --yes --quiet --root-user-action=ignore pip \
    && groupadd --gid 10001 directory \
    && useradd --uid 10001 --gid directory --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin directory \
    && install --directory --owner=directory --group=directory /srv/media

COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    BIND_ADDRESS=0.0.0.0 \
    PORT=8000 \
    MEDIA_ROOT=/srv/media

WORKDIR /app
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-m", "directory.healthcheck"]
CMD ["gunicorn", "--config", "python:directory.gunicorn", "directory.wsgi"]
