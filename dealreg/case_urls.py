from django.urls import path

from dealreg.views import cases

urlpatterns = [
    path("", cases.case_list, name="case_list"),
    path("<int:case_id>/", cases.case_detail, name="case_detail"),
    path("<int:case_id>/statement/", cases.case_state, name="case_state"),
    path("<int:case_id>/appeal/", cases.case_appeal, name="case_appeal"),
    path("<int:case_id>/take-back/", cases.case_take_back, name="case_take_back"),
]
