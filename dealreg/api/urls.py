from django.urls import path

from dealreg.api import distribution, extensions, leads, protection, splits
from dealreg.api.cases import CaseAppealView, CaseDetail, CaseList, CaseStatements
from dealreg.api.views import DealCheck, DealComplete, DealDetail, DealFields, DealList

urlpatterns = [
    path("leads/", leads.LeadList.as_view(), name="api_leads"),
    path("leads/<int:lead_id>/", leads.LeadDetail.as_view(), name="api_lead"),
    path("leads/<int:lead_id>/accept/", leads.LeadAccept.as_view(), name="api_lead_accept"),
    path("leads/<int:lead_id>/decline/", leads.LeadDecline.as_view(), name="api_lead_decline"),
    path("leads/<int:lead_id>/close/", leads.LeadClose.as_view(), name="api_lead_close"),
    path(
        "distribution/deals/",
        distribution.DistributedDeals.as_view(),
        name="api_distributed_deals",
    ),
    path(
        "distribution/deals/<int:deal_id>/",
        distribution.DistributedDealDetail.as_view(),
        name="api_distributed_deal",
    ),
    path(
        "distribution/deals/<int:deal_id>/endorse/",
        distribution.DistributedEndorse.as_view(),
        name="api_distributed_endorse",
    ),
    path(
        "distribution/deals/<int:deal_id>/refuse/",
        distribution.DistributedRefuse.as_view(),
        name="api_distributed_refuse",
    ),
    path("deals/", DealList.as_view(), name="api_deals"),
    path("deals/check/", DealCheck.as_view(), name="api_deal_check"),
    path("deals/fields/", DealFields.as_view(), name="api_deal_fields"),
    path("deals/<int:deal_id>/", DealDetail.as_view(), name="api_deal"),
    path("deals/<int:deal_id>/splits/", splits.DealSplits.as_view(), name="api_deal_splits"),
    path("splits/", splits.SplitList.as_view(), name="api_splits"),
    path("splits/<int:split_id>/", splits.SplitDetail.as_view(), name="api_split"),
    path("splits/<int:split_id>/accept/", splits.SplitAccept.as_view(), name="api_split_accept"),
    path("splits/<int:split_id>/decline/", splits.SplitDecline.as_view(), name="api_split_decline"),
    path("splits/<int:split_id>/counter/", splits.SplitCounter.as_view(), name="api_split_counter"),
    path(
        "splits/<int:split_id>/withdraw/",
        splits.SplitWithdraw.as_view(),
        name="api_split_withdraw",
    ),
    path("deals/<int:deal_id>/complete/", DealComplete.as_view(), name="api_deal_complete"),
    path(
        "deals/<int:deal_id>/evidence/", protection.DealEvidence.as_view(), name="api_deal_evidence"
    ),
    path("deals/<int:deal_id>/again/", protection.DealAgain.as_view(), name="api_deal_again"),
    path(
        "deals/<int:deal_id>/confirmations/",
        protection.DealConfirmations.as_view(),
        name="api_deal_confirmations",
    ),
    path(
        "deals/<int:deal_id>/extensions/",
        extensions.DealExtensions.as_view(),
        name="api_deal_extensions",
    ),
    path("extensions/", extensions.ExtensionList.as_view(), name="api_extensions"),
    path(
        "extensions/<int:extension_id>/",
        extensions.ExtensionDetail.as_view(),
        name="api_extension",
    ),
    path(
        "extensions/<int:extension_id>/approve/",
        extensions.ExtensionApprove.as_view(),
        name="api_extension_approve",
    ),
    path(
        "extensions/<int:extension_id>/decline/",
        extensions.ExtensionDecline.as_view(),
        name="api_extension_decline",
    ),
    path("cases/", CaseList.as_view(), name="api_cases"),
    path("cases/<int:case_id>/", CaseDetail.as_view(), name="api_case"),
    path("cases/<int:case_id>/statements/", CaseStatements.as_view(), name="api_case_statements"),
    path("cases/<int:case_id>/appeal/", CaseAppealView.as_view(), name="api_case_appeal"),
]
