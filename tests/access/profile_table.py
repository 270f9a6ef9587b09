# ruff: noqa: E501 (a table is read across)
"""The rows of the access table for the ideal partner profile and for profitability. The words are those of
tests/access/table.py."""

PORTAL = """
address          method nobody olga jonas chiara bo  mara rita otto root

/programme/fit/  GET    in     403  200   200    200 desk desk desk desk
/programme/fit/  POST   in     405  405   405    405 405  405  405  405

/company/profitability/                          GET   in  403  403  403  403  desk desk desk desk
/company/profitability/                          POST  in  405  405  405  405  405  405  405  405
/company/profitability/export/                   GET   in  403  403  403  403  desk desk desk desk
/company/profitability/export/                   POST  in  405  405  405  405  405  405  405  405
/company/profitability/costs/add/                GET   in  405  405  405  405  405  405  405  405
/company/profitability/costs/add/                POST  in  403  403  403  403  desk desk desk desk
/company/profitability/costs/export/             GET   in  403  403  403  403  desk desk desk desk
/company/profitability/costs/export/             POST  in  405  405  405  405  405  405  405  405
/company/profitability/costs/<cost_id>/          GET   in  403  403  403  403  desk desk desk desk
/company/profitability/costs/<cost_id>/          POST  in  403  403  403  403  desk desk desk desk
/company/profitability/costs/<cost_id>/remove/   GET   in  405  405  405  405  405  405  405  405
/company/profitability/costs/<cost_id>/remove/   POST  in  403  403  403  403  desk desk desk desk
"""

TABLES = """
table                  shown       see            add        change     delete

partners.idealprofile  to-all      mara,rita,otto,root  otto,root  -  -
partners.partnerfit    regional    mara,rita,otto,root  -          -  -
partners.fitrun        to-all      mara,rita,otto,root  otto,root  -  -
"""

DESK = """
address                                             method nobody olga jonas chiara bo  mara rita otto root

/admin/partners/idealprofile/<profile_id>/draft/    GET    in   403  403  403  403  405  405  405  405
/admin/partners/idealprofile/<profile_id>/draft/    POST   in   403  403  403  403  403  403  desk desk
/admin/partners/idealprofile/<profile_id>/publish/  GET    in   403  403  403  403  405  405  405  405
/admin/partners/idealprofile/<profile_id>/publish/  POST   in   403  403  403  403  403  403  desk desk
/admin/partners/idealprofile/<profile_id>/discard/  GET    in   403  403  403  403  405  405  405  405
/admin/partners/idealprofile/<profile_id>/discard/  POST   in   403  403  403  403  403  403  desk desk
/admin/partners/idealprofile/<profile_id>/retire/   GET    in   403  403  403  403  405  405  405  405
/admin/partners/idealprofile/<profile_id>/retire/   POST   in   403  403  403  403  403  403  desk desk
/admin/partners/idealprofile/<profile_id>/simulate/ GET    in   403  403  403  403  405  405  405  405
/admin/partners/idealprofile/<profile_id>/simulate/ POST   in   403  403  403  403  403  403  desk desk
/admin/partners/idealprofile/add/                   GET    in   403  403  403  403  403  403  200  200
/admin/partners/idealprofile/add/                   POST   in   403  403  403  403  403  403  desk desk
/admin/partners/partnerfit/partner/<partner_id>/    GET    in   403  403  403  403  200  404  200  200
/admin/partners/partnerfit/partner/<partner_id>/    POST   in   403  403  403  403  405  405  405  405
/admin/partners/partnerfit/partner/<partner_id>/answer/ GET  in  403  403  403  403  405  405  405  405
/admin/partners/partnerfit/partner/<partner_id>/answer/ POST in  403  403  403  403  desk 404  desk desk
/admin/partners/fitrun/add/                         GET    in   403  403  403  403  403  403  200  200
/admin/partners/fitrun/add/                         POST   in   403  403  403  403  403  403  desk desk
/admin/partners/fitrun/<run_id>/export/             GET    in   403  403  403  403  200  200  200  200
/admin/partners/fitrun/<run_id>/export/             POST   in   403  403  403  403  405  405  405  405
"""

API = """
address       method nobody olga jonas chiara bo  mara rita otto root writer reader revoked foreign

/api/v1/fit/  GET    401    404  200   200    200 404  404  404  404  403    403    401     403
/api/v1/profitability/                  GET     401  403  403  403  403  403  403  403  403  403  403  401  403
/api/v1/profitability/costs/            GET     401  403  403  403  403  403  403  403  403  403  403  401  403
/api/v1/profitability/costs/            POST    401  403  403  403  403  403  403  403  403  403  403  401  403
/api/v1/profitability/costs/<cost_id>/  GET     401  403  403  403  403  403  403  403  403  403  403  401  403
/api/v1/profitability/costs/<cost_id>/  PUT     401  403  403  403  403  403  403  403  403  403  403  401  403
/api/v1/profitability/costs/<cost_id>/  DELETE  401  403  403  403  403  403  403  403  403  403  403  401  403
"""
