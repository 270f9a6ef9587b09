from django.urls import path

from dealreg.views import distributed

urlpatterns = [
    path("", distributed.deal_list, name="distributed_deals"),
    path("<int:deal_id>/", distributed.deal, name="distributed_deal"),
    path("<int:deal_id>/endorse/", distributed.endorse, name="distributed_endorse"),
    path("<int:deal_id>/refuse/", distributed.refuse, name="distributed_refuse"),
]
