"""For servers that want a WSGI object: `gunicorn wsgi:app`, `waitress-serve wsgi:app`."""

from partyreg import create_app

app = create_app()
