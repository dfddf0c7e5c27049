"""One employee by id with Django REST framework: what the service is compared with, without token, policy and log."""

import os
from urllib.parse import unquote, urlsplit

import django
from django.conf import settings

database = urlsplit(os.environ["DATABASE_URL"])
settings.configure(
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="measured on this machine only",
    ROOT_URLCONF="app",
    INSTALLED_APPS=["rest_framework"],
    MIDDLEWARE=[],
    USE_TZ=True,
    TIME_ZONE="UTC",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": database.hostname,
            "PORT": database.port,
            "USER": database.username,
            "PASSWORD": unquote(database.password or ""),
            "NAME": database.path.lstrip("/"),
            # A connection is kept for the next request, as the service keeps its own.
            "CONN_MAX_AGE": None,
        }
    },
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_PERMISSION_CLASSES": [],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "UNAUTHENTICATED_USER": None,
    },
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework.generics import RetrieveAPIView  # noqa: E402
from rest_framework.serializers import ModelSerializer  # noqa: E402


class Employee(models.Model):
    """The table of the service; Django makes nothing of it."""

    id = models.UUIDField(primary_key=True)
    code = models.TextField()
    full_name = models.TextField()
    email = models.TextField()
    phone = models.TextField(null=True)
    unit_id = models.UUIDField()
    job_position_id = models.UUIDField()
    category = models.TextField()
    status = models.TextField()
    birth_date = models.DateField(null=True)
    joined_on = models.DateField()
    personal_number = models.TextField(null=True)
    restricted = models.BooleanField()
    erased_at = models.DateTimeField(null=True)
    version = models.IntegerField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        app_label = "peer"
        db_table = "employees"
        managed = False


class EmployeeSerializer(ModelSerializer):
    class Meta:
        model = Employee
        fields = "__all__"


class EmployeeView(RetrieveAPIView):
    queryset = Employee.objects.all()
    serializer_class = EmployeeSerializer


urlpatterns = [
    path("ready", lambda request: HttpResponse("ok")),
    path("employees/<uuid:pk>", EmployeeView.as_view()),
]
application = get_wsgi_application()
