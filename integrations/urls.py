from django.urls import path

from integrations.maildoor.webhook import inbound_mail

urlpatterns = [path("mail/", inbound_mail, name="inbound_mail")]
