# The portal's image: web, worker, beat and migrate are the same image with another command.
# It runs as a user without rights and needs no writable root, only a /tmp and MEDIA_ROOT.

FROM python:3.11-slim AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY requirements.txt .
RUN /opt/venv/bin/pip install --require-hashes --no-deps -r requirements.txt

FROM python:3.11-slim
# For PDF files: text layout and a font.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /tmp --shell /usr/sbin/nologin prm \
    && install --directory --owner prm --group prm /data/media
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PRM_ENV=production \
    MEDIA_ROOT=/data/media
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY . .
RUN python -m prm.messages
# The settings want every value; these serve this one command and are not kept.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    ALLOWED_HOSTS=localhost \
    SITE_URL=https://localhost \
    DATABASE_URL=postgresql://nobody@localhost/none \
    REDIS_URL=redis://localhost:6379/0 \
    EMAIL_URL=smtp://localhost:25 \
    MAIL_FROM=nobody@localhost \
    python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q .
USER prm
EXPOSE 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000"]
