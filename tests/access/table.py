# ruff: noqa: E501 (a table is read across)
"""Who gets what at every address of the portal. Every address of the URLconf has its row here,
and test_walk.py asks for each of them as everybody.

The addresses are about things of Alpha: a draft, a registration, a file, a token of Jonas's …
A cell is the status of the answer, or a word: "in" is a redirect to sign-in, "desk" one to the
back office, where the vendor's people work. A POST to a form carries what the form needs, so a
302 means that it was done.

    nobody  not signed in                       mara  channel manager, everywhere
    olga    signed up, at no partner            rita  channel manager of another region
    jonas   seller at Alpha                     otto  partner operations
    chiara  in marketing at Alpha               root  superuser
    bo      seller at Beta, with Alpha's ids
"""

ROLES = ("nobody", "olga", "jonas", "chiara", "bo", "mara", "rita", "otto", "root")

PORTAL = """
address                                       method nobody olga jonas chiara bo   mara rita otto root

/                                             GET    in     403  200   200    200  desk desk desk desk
/                                             POST   in     405  405   405    405  405  405  405  405
/company/                                     GET    in     403  200   200    200  desk desk desk desk
/company/                                     POST   in     405  405   405    405  405  405  405  405
/company/profile/                             GET    in     403  403   403    403  desk desk desk desk
/company/profile/                             POST   in     403  403   403    403  desk desk desk desk
/company/documents/                           GET    in     403  200   200    200  desk desk desk desk
/company/documents/                           POST   in     403  403   403    403  desk desk desk desk
/company/people/                              GET    in     403  200   200    200  desk desk desk desk
/company/people/                              POST   in     403  403   403    403  desk desk desk desk
/company/people/<place_id>/                   GET    in     403  403   403    404  desk desk desk desk
/company/people/<place_id>/                   POST   in     403  403   403    404  desk desk desk desk
/company/people/<place_id>/remove/            GET    in     405  405   405    405  405  405  405  405
/company/people/<place_id>/remove/            POST   in     403  403   403    404  desk desk desk desk
/company/people/<place_id>/hand-over/         GET    in     405  405   405    405  405  405  405  405
/company/people/<place_id>/hand-over/         POST   in     403  403   403    404  desk desk desk desk
/company/invitations/<invitation_id>/resend/  GET    in     405  405   405    405  405  405  405  405
/company/invitations/<invitation_id>/resend/  POST   in     403  403   403    404  desk desk desk desk
/company/invitations/<invitation_id>/revoke/  GET    in     405  405   405    405  405  405  405  405
/company/invitations/<invitation_id>/revoke/  POST   in     403  403   403    404  desk desk desk desk
/company/visit/end/                           GET    in     405  405   405    405  405  405  405  405
/company/visit/end/                           POST   in     302  302   302    302  desk desk desk desk
/join/<key>/                                  GET    200    200  200   200    200  200  200  200  200
/join/<key>/                                  POST   200    200  200   200    200  200  200  200  200
/programme/tier/                              GET    in     403  200   200    200  desk desk desk desk
/programme/tier/                              POST   in     405  405   405    405  405  405  405  405
/programme/benefits/                          GET    in     403  200   200    200  desk desk desk desk
/programme/benefits/                          POST   in     405  405   405    405  405  405  405  405
/distribution/                                GET    in     403  200   200    200  desk desk desk desk
/distribution/                                POST   in     403  403   403    403  desk desk desk desk
/distribution/<link_id>/accept/               GET    in     405  405   405    405  405  405  405  405
/distribution/<link_id>/accept/               POST   in     403  403   403    404  desk desk desk desk
/distribution/<link_id>/decline/              GET    in     405  405   405    405  405  405  405  405
/distribution/<link_id>/decline/              POST   in     403  403   403    404  desk desk desk desk
/distribution/<link_id>/withdraw/             GET    in     405  405   405    405  405  405  405  405
/distribution/<link_id>/withdraw/             POST   in     403  403   403    404  desk desk desk desk
/distribution/<link_id>/end/                  GET    in     403  403   403    404  desk desk desk desk
/distribution/<link_id>/end/                  POST   in     403  403   403    404  desk desk desk desk
/distribution/deals/                          GET    in     403  200   200    200  desk desk desk desk
/distribution/deals/                          POST   in     405  405   405    405  405  405  405  405
/distribution/deals/<deal_id>/                GET    in     403  404   404    404  desk desk desk desk
/distribution/deals/<deal_id>/                POST   in     405  405   405    405  405  405  405  405
/distribution/deals/<deal_id>/endorse/        GET    in     405  405   405    405  405  405  405  405
/distribution/deals/<deal_id>/endorse/        POST   in     403  404   404    404  desk desk desk desk
/distribution/deals/<deal_id>/refuse/         GET    in     405  405   405    405  405  405  405  405
/distribution/deals/<deal_id>/refuse/         POST   in     403  404   404    404  desk desk desk desk
/directory/                                   GET    200   200   200   200   200   200   200   200   200
/directory/                                   POST   405   405   405   405   405   405   405   405   405
/directory/sitemap-<part>.xml                 GET    200   200   200   200   200   200   200   200   200
/directory/sitemap-<part>.xml                 POST   405   405   405   405   405   405   405   405   405
/directory/<address>/                         GET    200   200   200   200   200   200   200   200   200
/directory/<address>/                         POST   405   405   405   405   405   405   405   405   405
/directory/<address>/sent/                    GET    200   200   200   200   200   200   200   200   200
/directory/<address>/sent/                    POST   405   405   405   405   405   405   405   405   405
/sitemap.xml                                  GET    200   200   200   200   200   200   200   200   200
/sitemap.xml                                  POST   405   405   405   405   405   405   405   405   405
/robots.txt                                   GET    200   200   200   200   200   200   200   200   200
/robots.txt                                   POST   405   405   405   405   405   405   405   405   405
/directory/<partner_id>/logo/<name>           GET    404   404   404   404   404   404   404   404   404
/directory/<partner_id>/logo/<name>           POST   405   405   405   405   405   405   405   405   405
/directory/<address>/contact/                 GET    200   200   200   200   200   200   200   200   200
/directory/<address>/contact/                 POST   302   302   302   302   302   302   302   302   302
/company/directory/                           GET    in   403   403   200   403   desk   desk   desk   desk
/company/directory/                           POST   in   403   403   302   403   desk   desk   desk   desk
/leads/                                       GET    in   403   200   200   200   desk   desk   desk   desk
/leads/                                       POST   in   405   405   405   405   405   405   405   405
/leads/<lead_id>/                             GET    in   403   200   200   404   desk   desk   desk   desk
/leads/<lead_id>/                             POST   in   405   405   405   405   405   405   405   405
/leads/<lead_id>/accept/                      GET    in   405   405   405   405   405   405   405   405
/leads/<lead_id>/accept/                      POST   in   403   302   403   404   desk   desk   desk   desk
/leads/<lead_id>/decline/                     GET    in   405   405   405   405   405   405   405   405
/leads/<lead_id>/decline/                     POST   in   403   302   403   404   desk   desk   desk   desk
/leads/<lead_id>/close/                       GET    in   405   405   405   405   405   405   405   405
/leads/<lead_id>/close/                       POST   in   403   302   403   404   desk   desk   desk   desk
/search/                                      GET    in     302  302   302    302  desk desk desk desk
/search/                                      POST   in     405  405   405    405  405  405  405  405

/deals/                                       GET    in     403  200   200    200  desk desk desk desk
/deals/                                       POST   in     405  405   405    405  405  405  405  405
/deals/check/                                 GET    204    403  200   200    200  desk desk desk desk
/deals/check/                                 POST   405    405  405   405    405  405  405  405  405
/deals/export/                                GET    in     403  200   200    200  desk desk desk desk
/deals/export/                                POST   in     405  405   405    405  405  405  405  405
/deals/fields/                                GET    in     405  405   405    405  405  405  405  405
/deals/fields/                                POST   in     403  200   403    200  desk desk desk desk
/deals/new/                                   GET    in     403  200   403    200  desk desk desk desk
/deals/new/                                   POST   in     403  302   403    302  desk desk desk desk
/deals/rules/                                 GET    in     403  200   200    200  desk desk desk desk
/deals/rules/                                 POST   in     405  405   405    405  405  405  405  405
/deals/filters/                               GET    in     403  200   200    200  desk desk desk desk
/deals/filters/                               POST   in     403  422   422    422  desk desk desk desk
/deals/filters/<filter_id>/rename/            GET    in     405  405   405    405  405  405  405  405
/deals/filters/<filter_id>/rename/            POST   in     403  302   404    404  desk desk desk desk
/deals/filters/<filter_id>/default/           GET    in     405  405   405    405  405  405  405  405
/deals/filters/<filter_id>/default/           POST   in     403  302   404    404  desk desk desk desk
/deals/filters/<filter_id>/delete/            GET    in     405  405   405    405  405  405  405  405
/deals/filters/<filter_id>/delete/            POST   in     403  302   404    404  desk desk desk desk
/deals/forecast/                              GET    in     403  200   200    200  desk desk desk desk
/deals/forecast/                              POST   in     405  405   405    405  405  405  405  405
/deals/forecast/export/                       GET    in     403  200   200    200  desk desk desk desk
/deals/forecast/export/                       POST   in     405  405   405    405  405  405  405  405
/deals/<deal_id>/sale/                        GET    in     403  200   200    404  desk desk desk desk
/deals/<deal_id>/sale/                        POST   in     403  302   403    404  desk desk desk desk
/deals/<deal_id>/won/                         GET    in     403  200   403    404  desk desk desk desk
/deals/<deal_id>/won/                         POST   in     403  302   403    404  desk desk desk desk
/deals/<deal_id>/lost/                        GET    in     403  200   403    404  desk desk desk desk
/deals/<deal_id>/lost/                        POST   in     403  302   403    404  desk desk desk desk
/deals/<deal_id>/reopen/                      GET    in     403  302   403    404  desk desk desk desk
/deals/<deal_id>/reopen/                      POST   in     403  302   403    404  desk desk desk desk
/deals/<deal_id>/                             GET    in     403  200   200    404  desk desk desk desk
/deals/<deal_id>/                             POST   in     405  405   405    405  405  405  405  405
/deals/<deal_id>/evidence/                    GET    in     403  200   200    404  desk desk desk desk
/deals/<deal_id>/evidence/                    POST   in     405  405   405    405  405  405  405  405
/deals/<deal_id>/evidence/add/                GET    in     405  405   405    405  405  405  405  405
/deals/<deal_id>/evidence/add/                POST   in     403  302   403    404  desk desk desk desk
/deals/<deal_id>/protection/                  GET    in     403  200   200    404  desk desk desk desk
/deals/<deal_id>/protection/                  POST   in     405  405   405    405  405  405  405  405
/deals/<deal_id>/extensions/                  GET    in     405  405   405    405  405  405  405  405
/deals/<deal_id>/extensions/                  POST   in     403  422   403    404  desk desk desk desk
/deals/<deal_id>/confirmations/               GET    in     405  405   405    405  405  405  405  405
/deals/<deal_id>/confirmations/               POST   in     403  302   403    404  desk desk desk desk
/deals/<deal_id>/again/                       GET    in     405  405   405    405  405  405  405  405
/deals/<deal_id>/again/                       POST   in     403  302   403    404  desk desk desk desk
/confirm/<token>/                             GET    200    200  200   200    200  200  200  200  200
/confirm/<token>/                             POST   200    200  200   200    200  200  200  200  200
/deals/<deal_id>/timeline/                    GET    in     403  200   200    404  desk desk desk desk
/deals/<deal_id>/timeline/                    POST   in     405  405   405    405  405  405  405  405
/deals/shared/                                GET    in   403   200   200   200   desk   desk   desk   desk
/deals/shared/                                POST   in   405   405   405   405   405   405   405   405
/deals/shared/<split_id>/                     GET    in   403   200   200   404   desk   desk   desk   desk
/deals/shared/<split_id>/                     POST   in   405   405   405   405   405   405   405   405
/deals/shared/<split_id>/accept/              GET    in   405   405   405   405   405   405   405   405
/deals/shared/<split_id>/accept/              POST   in   403   302   403   404   desk   desk   desk   desk
/deals/shared/<split_id>/decline/             GET    in   403   200   403   404   desk   desk   desk   desk
/deals/shared/<split_id>/decline/             POST   in   403   302   403   404   desk   desk   desk   desk
/deals/shared/<split_id>/counter/             GET    in   403   200   403   404   desk   desk   desk   desk
/deals/shared/<split_id>/counter/             POST   in   403   302   403   404   desk   desk   desk   desk
/deals/shared/<split_id>/withdraw/            GET    in   405   405   405   405   405   405   405   405
/deals/shared/<split_id>/withdraw/            POST   in   403   302   403   404   desk   desk   desk   desk
/deals/<deal_id>/partners/                    GET    in   403   200   200   404   desk   desk   desk   desk
/deals/<deal_id>/partners/                    POST   in   405   405   405   405   405   405   405   405
/deals/<deal_id>/partners/propose/            GET    in   403   302   403   404   desk   desk   desk   desk
/deals/<deal_id>/partners/propose/            POST   in   403   302   403   404   desk   desk   desk   desk
/deals/<deal_id>/edit/                        GET    in     403  200   403    404  desk desk desk desk
/deals/<deal_id>/edit/                        POST   in     403  302   403    404  desk desk desk desk
/deals/<deal_id>/discard/                     GET    in     405  405   405    405  405  405  405  405
/deals/<deal_id>/discard/                     POST   in     403  302   403    404  desk desk desk desk
/deals/<deal_id>/withdraw/                    GET    in     403  200   403    404  desk desk desk desk
/deals/<deal_id>/withdraw/                    POST   in     403  302   403    404  desk desk desk desk
/deals/<deal_id>/files/                       GET    in     405  405   405    405  405  405  405  405
/deals/<deal_id>/files/                       POST   in     403  302   403    404  desk desk desk desk
/cases/                                       GET    in     403  200   200    200  desk desk desk desk
/cases/                                       POST   in     405  405   405    405  405  405  405  405
/cases/<case_id>/                             GET    in     403  200   200    404  desk desk desk desk
/cases/<case_id>/                             POST   in     405  405   405    405  405  405  405  405
/cases/<case_id>/statement/                   GET    in     405  405   405    405  405  405  405  405
/cases/<case_id>/statement/                   POST   in     403  302   403    404  desk desk desk desk
/cases/<case_id>/appeal/                      GET    in     405  405   405    405  405  405  405  405
/cases/<case_id>/appeal/                      POST   in     403  422   403    404  desk desk desk desk
/cases/<case_id>/take-back/                   GET    in     405  405   405    405  405  405  405  405
/cases/<case_id>/take-back/                   POST   in     403  302   403    404  desk desk desk desk
/deals/<deal_id>/cases/                       GET    in     403  200   200    404  desk desk desk desk
/deals/<deal_id>/cases/                       POST   in     405  405   405    405  405  405  405  405
/deals/<deal_id>/contest/                     GET    in     405  405   405    405  405  405  405  405
/deals/<deal_id>/contest/                     POST   in     403  422   403    404  desk desk desk desk
/files/<file_id>/                             GET    in     404  200   200    404  200  404  200  200
/files/<file_id>/                             POST   in     405  405   405    405  405  405  405  405

/integrations/mail/                           GET    405    405  405   405    405  405  405  405  405
/integrations/mail/                           POST   404    404  404   404    404  404  404  404  404
/notifications/                               GET    in     200  200   200    200  200  200  200  200
/notifications/                               POST   in     405  405   405    405  405  405  405  405
/notifications/read/                          GET    in     405  405   405    405  405  405  405  405
/notifications/read/                          POST   in     302  302   302    302  302  302  302  302
/notifications/<notification_id>/             GET    in     404  302   404    404  404  404  404  404
/notifications/<notification_id>/             POST   in     405  405   405    405  405  405  405  405
/profile/                                     GET    in     200  200   200    200  200  200  200  200
/profile/                                     POST   in     302  302   302    302  302  302  302  302
/security/                                    GET    in     200  200   200    200  200  200  200  200
/security/                                    POST   in     405  405   405    405  405  405  405  405
/security/tokens/<token_id>/revoke/           GET    in     405  405   405    405  405  405  405  405
/security/tokens/<token_id>/revoke/           POST   in     404  302   404    404  404  404  404  404
/theme/                                       GET    in     405  405   405    405  405  405  405  405
/theme/                                       POST   in     302  302   302    302  302  302  302  302
/language/                                    GET    405    405  405   405    405  405  405  405  405
/language/                                    POST   302    302  302   302    302  302  302  302  302
/continue/                                    GET    in     302  302   302    302  302  302  302  302
/continue/                                    POST   in     302  302   302    302  302  302  302  302
/style/                                       GET    in     403  403   403    403  200  200  200  200
/style/                                       POST   in     405  405   405    405  405  405  405  405
/branding/logo                                GET    404    404  404   404    404  404  404  404  404
/branding/logo                                POST   405    405  405   405    405  405  405  405  405
/branding/<colours>.css                       GET    200    200  200   200    200  200  200  200  200
/branding/<colours>.css                       POST   405    405  405   405    405  405  405  405  405
"""

# allauth's pages. Everybody has just confirmed the password; Jonas and Bo have a passkey and
# recovery codes, nobody has an app.
ACCOUNTS = """
address                                       method nobody olga jonas chiara bo   mara rita otto root

/accounts/login/                              GET    200    302  302   302    302  302  302  302  302
/accounts/login/                              POST   200    302  302   302    302  302  302  302  302
/accounts/login/code/confirm/                 GET    in     302  302   302    302  302  302  302  302
/accounts/login/code/confirm/                 POST   in     302  302   302    302  302  302  302  302
/accounts/logout/                             GET    in     200  200   200    200  200  200  200  200
/accounts/logout/                             POST   in     in   in    in     in   in   in   in   in
/accounts/inactive/                           GET    200    200  200   200    200  200  200  200  200
/accounts/inactive/                           POST   405    405  405   405    405  405  405  405  405
/accounts/signup/                             GET    200    302  302   302    302  302  302  302  302
/accounts/signup/                             POST   200    302  302   302    302  302  302  302  302
/accounts/reauthenticate/                     GET    in     200  200   200    200  200  200  200  200
/accounts/reauthenticate/                     POST   in     200  200   200    200  200  200  200  200
/accounts/email/                              GET    in     200  200   200    200  200  200  200  200
/accounts/email/                              POST   in     302  302   302    302  302  302  302  302
/accounts/confirm-email/                      GET    200    200  200   200    200  200  200  200  200
/accounts/confirm-email/                      POST   405    405  405   405    405  405  405  405  405
/accounts/confirm-email/<key>/                GET    200    200  200   200    200  200  200  200  200
/accounts/confirm-email/<key>/                POST   404    404  404   404    404  404  404  404  404
/accounts/password/change/                    GET    in     200  200   200    200  200  200  200  200
/accounts/password/change/                    POST   in     200  200   200    200  200  200  200  200
/accounts/password/set/                       GET    in     302  302   302    302  302  302  302  302
/accounts/password/set/                       POST   in     302  302   302    302  302  302  302  302
/accounts/password/reset/                     GET    200    200  200   200    200  200  200  200  200
/accounts/password/reset/                     POST   200    200  200   200    200  200  200  200  200
/accounts/password/reset/done/                GET    200    200  200   200    200  200  200  200  200
/accounts/password/reset/done/                POST   405    405  405   405    405  405  405  405  405
/accounts/password/reset/key/<uidb36>-<key>/  GET    302    302  302   302    302  302  302  302  302
/accounts/password/reset/key/<uidb36>-<key>/  POST   302    302  302   302    302  302  302  302  302
/accounts/password/reset/key/done/            GET    200    200  200   200    200  200  200  200  200
/accounts/password/reset/key/done/            POST   405    405  405   405    405  405  405  405  405
/accounts/sessions/                           GET    in     200  200   200    200  200  200  200  200
/accounts/sessions/                           POST   in     302  302   302    302  302  302  302  302

/accounts/2fa/                                GET    in     200  200   200    200  200  200  200  200
/accounts/2fa/                                POST   in     405  405   405    405  405  405  405  405
/accounts/2fa/authenticate/                   GET    in     302  302   302    302  302  302  302  302
/accounts/2fa/authenticate/                   POST   in     302  302   302    302  302  302  302  302
/accounts/2fa/reauthenticate/                 GET    in     302  200   302    200  302  302  302  302
/accounts/2fa/reauthenticate/                 POST   in     302  200   302    200  302  302  302  302
/accounts/2fa/totp/activate/                  GET    in     200  200   200    200  200  200  200  200
/accounts/2fa/totp/activate/                  POST   in     200  200   200    200  200  200  200  200
/accounts/2fa/totp/deactivate/                GET    in     404  404   404    404  404  404  404  404
/accounts/2fa/totp/deactivate/                POST   in     404  404   404    404  404  404  404  404
/accounts/2fa/recovery-codes/                 GET    in     404  200   404    200  404  404  404  404
/accounts/2fa/recovery-codes/                 POST   in     405  405   405    405  405  405  405  405
/accounts/2fa/recovery-codes/generate/        GET    in     200  200   200    200  200  200  200  200
/accounts/2fa/recovery-codes/generate/        POST   in     200  302   200    302  200  200  200  200
/accounts/2fa/recovery-codes/download/        GET    in     404  200   404    200  404  404  404  404
/accounts/2fa/recovery-codes/download/        POST   in     404  405   404    405  404  404  404  404
/accounts/2fa/webauthn/                       GET    in     200  200   200    200  200  200  200  200
/accounts/2fa/webauthn/                       POST   in     405  405   405    405  405  405  405  405
/accounts/2fa/webauthn/add/                   GET    in     200  200   200    200  200  200  200  200
/accounts/2fa/webauthn/add/                   POST   in     200  200   200    200  200  200  200  200
/accounts/2fa/webauthn/reauthenticate/        GET    in     302  200   302    200  302  302  302  302
/accounts/2fa/webauthn/reauthenticate/        POST   in     302  in    302    in   302  302  302  302
/accounts/2fa/webauthn/login/                 GET    in     302  302   302    302  302  302  302  302
/accounts/2fa/webauthn/login/                 POST   in     302  302   302    302  302  302  302  302
/accounts/2fa/webauthn/keys/<pk>/edit/        GET    in     404  200   404    404  404  404  404  404
/accounts/2fa/webauthn/keys/<pk>/edit/        POST   in     404  302   404    404  404  404  404  404
/accounts/2fa/webauthn/keys/<pk>/remove/      GET    in     404  200   404    404  404  404  404  404
/accounts/2fa/webauthn/keys/<pk>/remove/      POST   in     404  302   404    404  404  404  404  404
"""

# Programs. The people's columns are their browsers' sessions; the last four are tokens: of
# Jonas's with every scope, to read only, and revoked; and of Bo's with every scope.
API_ROLES = (*ROLES, "writer", "reader", "revoked", "foreign")

# Only what is answered stands here; `with_refusals` (walking.py) adds the rest.
API = """
address                 method  nobody olga jonas chiara bo  mara rita otto root writer reader revoked foreign

/api/v1/deals/           GET     401    200  200   200   200  200  200  200  200  200    200    401     200
/api/v1/deals/           POST    401    403  201   403   201  403  403  403  403  201    403    401     201
/api/v1/deals/check/     POST    401    403  200   403   200  403  403  403  403  200    403    401     200
/api/v1/deals/fields/    GET     401    403  200   200   200  403  403  403  403  200    200    401     200
/api/v1/deals/<deal_id>/ GET     401    404  200   200   404  200  404  200  200  200    200    401     404
/api/v1/deals/<deal_id>/ PATCH   401    404  428   403   404  428  404  428  428  428    403    401     404
/api/v1/partner/                 GET     401    404    200    200    200    404    404    404    404    200    200    401    200
/api/v1/partner/                 PATCH   401    404    403    403    403    404    404    404    404    403    403    401    403
/api/v1/partners/                GET     401    403    403    403    403    200    200    200    200    403    403    401    403
/api/v1/distribution/                    GET     401  200  200  200  200  200  200  200  200  403  403  401  403
/api/v1/distribution/                    POST    401  403  403  403  403  403  403  403  403  403  403  401  403
/api/v1/distribution/<link_id>/accept/   POST    401  404  403  403  404  403  404  409  409  403  403  401  403
/api/v1/distribution/<link_id>/decline/  POST    401  404  403  403  404  403  404  409  409  403  403  401  403
/api/v1/distribution/<link_id>/withdraw/ POST    401  404  403  403  404  403  404  409  409  403  403  401  403
/api/v1/distribution/<link_id>/end/      POST    401  404  403  403  404  403  404  200  200  403  403  401  403
/api/v1/distribution/deals/              GET     401  200  200  200  200  200  200  200  200  403  403  401  403
/api/v1/distribution/deals/<deal_id>/    GET     401  404  404  404  404  404  404  404  404  403  403  401  403
/api/v1/distribution/deals/<deal_id>/endorse/ POST    401  404  404  404  404  404  404  404  404  403  403  401  403
/api/v1/distribution/deals/<deal_id>/refuse/ POST    401  404  404  404  404  404  404  404  404  403  403  401  403
/api/v1/leads/                           GET     401  200  200  200  200  200  200  200  200  403  403  401  403
/api/v1/leads/<lead_id>/                 GET     401  404  200  200  404  200  404  200  200  403  403  401  403
/api/v1/leads/<lead_id>/accept/          POST    401  404  200  403  404  409  404  409  409  403  403  401  403
/api/v1/leads/<lead_id>/decline/         POST    401  404  200  403  404  409  404  409  409  403  403  401  403
/api/v1/leads/<lead_id>/close/           POST    401  404  409  403  404  200  404  200  200  403  403  401  403
/api/v1/benefits/                GET     401    404    200    200    200    404    404    404    404    403    403    401    403
/api/v1/deals/<deal_id>/evidence/        GET     401  404  200  200  404  200  404  200  200  200  200  401  404
/api/v1/deals/<deal_id>/evidence/        POST    401  404  201  403  404  201  404  201  201  201  403  401  404
/api/v1/deals/<deal_id>/again/           POST    401  404  409  403  404  403  404  403  403  409  403  401  404
/api/v1/deals/<deal_id>/confirmations/   GET     401  404  200  200  404  200  404  200  200  200  200  401  404
/api/v1/deals/<deal_id>/confirmations/   POST    401  404  201  403  404  201  404  201  201  201  403  401  404
/api/v1/deals/<deal_id>/extensions/      GET     401  404  200  200  404  200  404  200  200  200  200  401  404
/api/v1/deals/<deal_id>/extensions/      POST    401  404  409  403  404  403  404  403  403  409  403  401  404
/api/v1/extensions/                      GET     401  200  200  200  200  200  200  200  200  200  200  401  200
/api/v1/extensions/<extension_id>/       GET     401  404  200  200  404  200  404  200  200  200  200  401  404
/api/v1/extensions/<extension_id>/approve/ POST    401  404  403  403  404  200  404  200  200  403  403  401  404
/api/v1/extensions/<extension_id>/decline/ POST    401  404  403  403  404  200  404  200  200  403  403  401  404
/api/v1/deals/<deal_id>/splits/          GET     401  404  200  200  404  200  404  200  200  200  200  401  404
/api/v1/deals/<deal_id>/splits/          POST    401  404  409  403  404  409  404  409  409  409  403  401  404
/api/v1/splits/                          GET     401  200  200  200  200  200  200  200  200  200  200  401  200
/api/v1/splits/<split_id>/               GET     401  404  200  200  404  200  404  200  200  200  200  401  404
/api/v1/splits/<split_id>/accept/        POST    401  404  200  403  404  403  404  403  403  200  403  401  404
/api/v1/splits/<split_id>/decline/       POST    401  404  200  403  404  403  404  403  403  200  403  401  404
/api/v1/splits/<split_id>/counter/       POST    401  404  200  403  404  403  404  403  403  200  403  401  404
/api/v1/splits/<split_id>/withdraw/      POST    401  404  409  403  404  200  404  200  200  409  403  401  404
/api/v1/deals/<deal_id>/complete/ POST    401    403  409   403   404  403  403  403  403  409    403    401     404
/api/v1/tier/                    GET     401    404    200    200    200    404    404    404    404    403    403    401    403
/api/v1/tier/history/            GET     401    404    200    200    200    404    404    404    404    403    403    401    403
/api/v1/tier/recalculations/     POST    401    403    403    403    403    403    403    202    202    403    403    401    403
/api/v1/measures/values/         POST    401    403    403    403    403    403    403    200    200    403    403    401    403
/api/v1/schema/          GET     401    200  200   200   200  200  200  200  200  200    200    401     200
/api/v1/schema/          POST    401    405  405   405   405  405  405  405  405  405    405    401     405
/api/v1/schema/          PUT     401    405  405   405   405  405  405  405  405  405    405    401     405
/api/v1/schema/          PATCH   401    405  405   405   405  405  405  405  405  405    405    401     405
/api/v1/schema/          DELETE  401    405  405   405   405  405  405  405  405  405    405    401     405
/api/v1/docs/            GET     in     200  200   200   200  200  200  200  200  in     in     in      in
/api/v1/docs/            OPTIONS in     405  405   405   405  405  405  405  405  in     in     in      in
/api/v1/docs/            POST    in     405  405   405   405  405  405  405  405  in     in     in      in
/api/v1/docs/            PUT     in     405  405   405   405  405  405  405  405  in     in     in      in
/api/v1/docs/            PATCH   in     405  405   405   405  405  405  405  405  in     in     in      in
/api/v1/docs/            DELETE  in     405  405   405   405  405  405  405  405  in     in     in      in
/api/v1/cases/                                GET    401    200  200   200   200  200  200  200  200  200    200    401     200
/api/v1/cases/<case_id>/                      GET    401    404  200   200   404  404  404  404  404  200    200    401     404
/api/v1/cases/<case_id>/statements/           POST   401    404  201   403   404  404  404  404  404  201    403    401     404
/api/v1/cases/<case_id>/appeal/               POST   401    404  409   403   404  404  404  404  404  409    403    401     404
"""


# The back office. Every table has the same addresses (list, add, change, history, delete, and a
# short one that leads to its change page), so a row says who may see, add, change and delete;
# nobody else gets past 403. "regional" tables show Rita nothing of Alpha's, as if it were not
# there. What a table does otherwise stands in DESK below, which wins. The rules are those in
# force, which nobody changes; a draft of them is another matter (tests/dealreg).
TABLES = """
table                  shown       see            add        change     delete

core.branding          to-all      otto,root      -          otto,root  -
core.exchangerate      to-all      mara,rita,otto,root  otto,root  otto,root  otto,root
core.event             to-all      otto,root      -          -          -
core.eventdelivery     to-all      otto,root      -          -          -
core.importrun         to-all      otto,root      -          -          -
core.appointment       to-all      otto,root      -          -          -
core.outgoingmail      to-all      otto,root      -          -          -
core.eventseal         to-all      otto,root      -          -          -
core.storedfile        to-all      otto,root      -          -          -
core.apitoken          to-all      otto,root      otto,root  -          -
core.user              to-all      otto,root      otto,root  otto,root  -
partners.partner       regional    mara,rita,otto,root  otto,root  otto,root  -
integrations.inboundmessage to-all otto,root  -          -          -
partners.membership    regional    mara,rita,otto,root  otto,root  otto,root  -
partners.invitation    regional    mara,rita,otto,root  -          -          -
partners.offboarding   regional    mara,rita,otto,root  otto,root  -          -
partners.directoryprofile regional mara,rita,otto,root - otto,root -
dealreg.lead regional mara,rita,otto,root - mara,otto,root -
partners.distributionlink regional mara,rita,otto,root otto,root otto,root -
partners.distributionpolicy to-all mara,rita,otto,root otto,root otto,root otto,root
partners.visit         regional    mara,rita,otto,root  -          -          -
partners.region        to-all      mara,rita,otto,root  otto,root  otto,root  otto,root
partners.tier          to-all      mara,rita,otto,root  otto,root  otto,root  otto,root
partners.focus         to-all      mara,rita,otto,root  otto,root  otto,root  otto,root
partners.partnercontact regional   mara,rita,otto,root  otto,root  otto,root  otto,root
partners.partnernote   regional    mara,rita,otto,root  mara,rita,otto,root  -  -
partners.typeplaybook  to-all      mara,rita,otto,root  otto,root  otto,root  otto,root
partners.partnerdocument regional  mara,rita,otto,root  mara,rita,otto,root  otto,root  -
partners.partnerpair   to-all      otto,root  -  -  -
partners.partnermerge  to-all      otto,root  -  -  -
partners.rollout       to-all      mara,rita,otto,root  otto,root  otto,root  otto,root
partners.triedregionpolicy to-all mara,rita,otto,root otto,root otto,root otto,root
partners.trieddistributionpolicy to-all mara,rita,otto,root otto,root otto,root otto,root
partners.staffduty     to-all      otto,root      otto,root  -          otto,root
partners.tierprogramme to-all      mara,rita,otto,root  otto,root  -          -
partners.benefitcatalogue to-all   mara,rita,otto,root  otto,root  -          -
partners.tierrun       to-all      mara,rita,otto,root  otto,root  -          -
partners.tierassessment regional   mara,rita,otto,root  -          -          -
partners.tierproposal  regional    mara,rita,otto,root  -          -          -
partners.tierexception regional    mara,rita,otto,root  otto,root  -          -
partners.measurevalue  regional    mara,rita,otto,root  otto,root  -          -
partners.tierschedule  to-all      mara,rita,otto,root  otto,root  otto,root  otto,root
dealreg.account        to-all      mara,rita,otto,root  otto,root  otto,root  otto,root
dealreg.accountalias   to-all      mara,rita,otto,root  otto,root  otto,root  otto,root
dealreg.accountmerge   to-all      mara,rita,otto,root  -          -          -
dealreg.deal           regional    mara,rita,otto,root  -          -          -
dealreg.extension      regional    mara,rita,otto,root  -          -          -
dealreg.conflictcase   regional    mara,rita,otto,root  -          -          -
dealreg.servicelevel   to-all      mara,rita,otto,root  otto,root  otto,root  otto,root
dealreg.dealfield      to-all      mara,rita,otto,root  otto,root  otto,root  otto,root
dealreg.productline    to-all      mara,rita,otto,root  otto,root  otto,root  otto,root
dealreg.purchase       to-all      mara,rita,otto,root  otto,root  otto,root  otto,root
dealreg.directopportunity  to-all  mara,rita,otto,root  otto,root  otto,root  otto,root
dealreg.split          regional    mara,rita,otto,root  -          -          -
dealreg.splitpolicy    to-all      mara,rita,otto,root  otto,root  otto,root  otto,root
dealreg.rulebook       to-all      mara,rita,otto,root  -          -          -
dealreg.salesstage     to-all      mara,rita,otto,root  -          otto,root  -
dealreg.closereason    to-all      mara,rita,otto,root  otto,root  otto,root  otto,root
"""

DESK = """
address                                  method nobody olga jonas chiara bo  mara rita otto root
/admin/partners/directoryprofile/<object_id>/change/ GET  in 403 403 403 403 200 404 200 200
/admin/partners/directoryprofile/<object_id>/change/ POST in 403 403 403 403 403 403 desk desk
/admin/partners/distributionlink/<object_id>/change/ GET  in 403 403 403 403 200 404 200 200
/admin/partners/distributionlink/<object_id>/change/ POST in 403 403 403 403 403 403 desk desk
/admin/partners/typeplaybook/<object_id>/change/ GET  in 403 403 403 403 200 200 200 200
/admin/partners/typeplaybook/<object_id>/change/ POST in 403 403 403 403 403 403 desk desk

/admin/                                  GET    in     403  403   403    403 200  200  200  200
/admin/                                  POST   in     403  403   403    403 200  200  200  200
/admin/login/                            GET    in     in   in    in     in  in   in   in   in
/admin/login/                            POST   in     in   in    in     in  in   in   in   in
/admin/logout/                           GET    in     403  403   403    403 307  307  307  307
/admin/logout/                           POST   in     403  403   403    403 307  307  307  307
/admin/search/                           GET    in     403  403   403    403 404  404  404  404
/admin/search/                           POST   in     403  403   403    403 404  404  404  404
/admin/password_change/                  GET    in     403  403   403    403 302  302  302  302
/admin/password_change/                  POST   in     403  403   403    403 302  302  302  302
/admin/password_change/done/             GET    in     403  403   403    403 302  302  302  302
/admin/password_change/done/             POST   in     403  403   403    403 302  302  302  302
/admin/autocomplete/                     GET    in     403  403   403    403 403  403  403  403
/admin/autocomplete/                     POST   in     403  403   403    403 405  405  405  405
/admin/jsi18n/                           GET    in     403  403   403    403 200  200  200  200
/admin/jsi18n/                           POST   in     403  403   403    403 405  405  405  405
/admin/r/<content_type_id>/<object_id>/  GET    in     403  403   403    403 404  404  404  404
/admin/r/<content_type_id>/<object_id>/  POST   in     403  403   403    403 404  404  404  404
/admin/<app_label>/                      GET    in     403  403   403    403 200  200  200  200
/admin/<app_label>/                      POST   in     403  403   403    403 200  200  200  200
/admin/<url>                             GET    in     403  403   403    403 404  404  404  404
/admin/<url>                             POST   in     403  403   403    403 404  404  404  404

/admin/core/branding/                    GET    in     403  403   403    403 desk desk desk desk
/admin/core/branding/                    POST   in     403  403   403    403 desk desk desk desk
/admin/partners/membership/<place_id>/act/  GET   in     403  403   403    403 200  404  200  200
/admin/partners/membership/<place_id>/act/  POST  in     403  403   403    403 302  404  302  302
/admin/dealreg/deal/queue/               GET    in     403  403   403    403 200  200  200  200
/admin/dealreg/deal/queue/               POST   in     403  403   403    403 405  405  405  405
/admin/dealreg/deal/progress/             GET    in     403  403   403    403 200  200  200  200
/admin/dealreg/deal/progress/             POST   in     403  403   403    403 405  405  405  405
/admin/dealreg/deal/progress/export/      GET    in     403  403   403    403 200  200  200  200
/admin/dealreg/deal/progress/export/      POST   in     403  403   403    403 405  405  405  405
/admin/dealreg/extension/<object_id>/change/      GET   in  403  403   403    403 200  404  200  200
/admin/dealreg/extension/<object_id>/change/      POST  in  403  403   403    403 403  404  403  403
/admin/dealreg/extension/<extension_id>/approve/  GET   in  403  403   403    403 405  405  405  405
/admin/dealreg/extension/<extension_id>/approve/  POST  in  403  403   403    403 desk 404  desk desk
/admin/dealreg/extension/<extension_id>/decline/  GET   in  403  403   403    403 405  405  405  405
/admin/dealreg/extension/<extension_id>/decline/  POST  in  403  403   403    403 desk 404  desk desk
/admin/dealreg/deal/approve-together/    GET    in     403  403   403    403 405  405  405  405
/admin/dealreg/deal/approve-together/    POST   in     403  403   403    403 desk desk desk desk
/admin/dealreg/deal/forecast/            GET    in     403  403   403    403 200  200  200  200
/admin/dealreg/deal/forecast/            POST   in     403  403   403    403 405  405  405  405
/admin/dealreg/deal/forecast/export/     GET    in     403  403   403    403 200  200  200  200
/admin/dealreg/deal/forecast/export/     POST   in     403  403   403    403 405  405  405  405
/admin/dealreg/deal/<deal_id>/sale/      GET    in     403  403   403    403 200  404  200  200
/admin/dealreg/deal/<deal_id>/sale/      POST   in     403  403   403    403 desk 404  desk desk
/admin/dealreg/deal/<deal_id>/review/    GET    in     403  403   403    403 200  404  200  200
/admin/dealreg/deal/<deal_id>/review/    POST   in     403  403   403    403 405  405  405  405
/admin/dealreg/lead/<object_id>/change/  POST   in     403  403   403    403 200  404  200  200
/admin/partners/distributionlink/<object_id>/change/ POST in 403 403 403 403 403 403 desk desk
/admin/partners/typeplaybook/<object_id>/change/ POST in 403 403 403 403 403 403 desk desk
/admin/dealreg/deal/<deal_id>/proof/     GET    in     403  403   403    403 200  404  200  200
/admin/dealreg/deal/<deal_id>/proof/     POST   in     403  403   403    403 405  405  405  405
/admin/dealreg/deal/<deal_id>/proof/evidence/ GET  in  403  403   403    403 405  405  405  405
/admin/dealreg/deal/<deal_id>/proof/evidence/ POST in  403  403   403    403 desk 404  desk desk
/admin/dealreg/deal/<deal_id>/proof/customer/ GET  in  403  403   403    403 405  405  405  405
/admin/dealreg/deal/<deal_id>/proof/customer/ POST in  403  403   403    403 desk 404  desk desk
/admin/dealreg/deal/<deal_id>/go-on/     GET    in     403  403   403    403 405  405  405  405
/admin/dealreg/deal/<deal_id>/go-on/     POST   in     403  403   403    403 desk 404  desk desk
/admin/dealreg/deal/<deal_id>/approve/   GET    in     403  403   403    403 405  405  405  405
/admin/dealreg/deal/<deal_id>/approve/   POST   in     403  403   403    403 409  404  409  409
/admin/dealreg/deal/<deal_id>/decline/   GET    in     403  403   403    403 405  405  405  405
/admin/dealreg/deal/<deal_id>/decline/   POST   in     403  403   403    403 409  404  409  409
/admin/dealreg/deal/export/              GET    in     403  403   403    403 200  200  200  200
/admin/dealreg/deal/export/              POST   in     403  403   403    403 405  405  405  405
/admin/core/importrun/new/               GET    in     403  403   403    403 403  403  200  200
/admin/core/importrun/new/               POST   in     403  403   403    403 403  403  desk desk
/admin/core/importrun/run/<run_id>/          GET    in     403  403   403    403 404  404  200  200
/admin/core/importrun/run/<run_id>/          POST   in     403  403   403    403 405  405  405  405
/admin/core/importrun/run/<run_id>/columns/  GET    in     403  403   403    403 405  405  405  405
/admin/core/importrun/run/<run_id>/columns/  POST   in     403  403   403    403 404  404  409  409
/admin/core/importrun/run/<run_id>/export/   GET    in     403  403   403    403 404  404  200  200
/admin/core/importrun/run/<run_id>/export/   POST   in     403  403   403    403 405  405  405  405
/admin/core/importrun/run/<run_id>/<verb>/   GET    in     403  403   403    403 405  405  405  405
/admin/core/importrun/run/<run_id>/<verb>/   POST   in     403  403   403    403 404  404  desk desk
/admin/dealreg/deal/<deal_id>/send-back/ GET    in     403  403   403    403 405  405  405  405
/admin/dealreg/deal/<deal_id>/send-back/ POST   in     403  403   403    403 desk 404  desk desk
/admin/dealreg/deal/<object_id>/change/  GET    in     403  403   403    403 200  404  200  200
/admin/dealreg/deal/<object_id>/change/  POST   in     403  403   403    403 405  405  405  405
/admin/dealreg/split/<object_id>/change/  GET    in     403  403   403    403 200  404  200  200
/admin/dealreg/split/<object_id>/change/  POST   in     403  403   403    403 405  405  405  405
/admin/dealreg/split/deal/<deal_id>/      GET    in     403  403   403    403 200  404  200  200
/admin/dealreg/split/deal/<deal_id>/      POST   in     403  403   403    403 desk 404  desk desk
/admin/dealreg/split/<split_id>/withdraw/ GET    in     403  403   403    403 405  405  405  405
/admin/dealreg/split/<split_id>/withdraw/ POST   in     403  403   403    403 desk 404  desk desk
/admin/partners/tierprogramme/<programme_id>/draft/          GET    in   403  403  403  403  405  405  405  405
/admin/partners/tierprogramme/<programme_id>/draft/          POST   in   403  403  403  403  403  403  desk desk
/admin/partners/tierprogramme/<programme_id>/publish/        GET    in   403  403  403  403  405  405  405  405
/admin/partners/tierprogramme/<programme_id>/publish/        POST   in   403  403  403  403  403  403  desk desk
/admin/partners/tierprogramme/<programme_id>/discard/        GET    in   403  403  403  403  405  405  405  405
/admin/partners/tierprogramme/<programme_id>/discard/        POST   in   403  403  403  403  403  403  desk desk
/admin/partners/tierprogramme/<programme_id>/retire/         GET    in   403  403  403  403  405  405  405  405
/admin/partners/tierprogramme/<programme_id>/retire/         POST   in   403  403  403  403  403  403  desk desk
/admin/partners/tierprogramme/<programme_id>/simulate/       GET    in   403  403  403  403  405  405  405  405
/admin/partners/tierprogramme/<programme_id>/simulate/       POST   in   403  403  403  403  403  403  desk desk
/admin/partners/tierprogramme/add/                           GET    in   403  403  403  403  403  403  200  200
/admin/partners/tierprogramme/add/                           POST   in   403  403  403  403  403  403  desk desk
/admin/partners/benefitcatalogue/<catalogue_id>/draft/          GET    in   403  403  403  403  405  405  405  405
/admin/partners/benefitcatalogue/<catalogue_id>/draft/          POST   in   403  403  403  403  403  403  desk desk
/admin/partners/benefitcatalogue/<catalogue_id>/publish/        GET    in   403  403  403  403  405  405  405  405
/admin/partners/benefitcatalogue/<catalogue_id>/publish/        POST   in   403  403  403  403  403  403  desk desk
/admin/partners/benefitcatalogue/<catalogue_id>/discard/        GET    in   403  403  403  403  405  405  405  405
/admin/partners/benefitcatalogue/<catalogue_id>/discard/        POST   in   403  403  403  403  403  403  desk desk
/admin/partners/benefitcatalogue/<catalogue_id>/retire/         GET    in   403  403  403  403  405  405  405  405
/admin/partners/benefitcatalogue/<catalogue_id>/retire/         POST   in   403  403  403  403  403  403  desk desk
/admin/partners/benefitcatalogue/add/                           GET    in   403  403  403  403  403  403  200  200
/admin/partners/benefitcatalogue/add/                           POST   in   403  403  403  403  403  403  desk desk
/admin/partners/tierrun/add/                                 GET    in   403  403  403  403  403  403  200  200
/admin/partners/tierrun/add/                                 POST   in   403  403  403  403  403  403  desk desk
/admin/partners/tierrun/<run_id>/export/                     GET    in   403  403  403  403  200  200  200  200
/admin/partners/tierrun/<run_id>/export/                     POST   in   403  403  403  403  405  405  405  405
/admin/partners/tierproposal/<proposal_id>/decide/           GET    in   403  403  403  403  405  405  405  405
/admin/partners/tierproposal/<proposal_id>/decide/           POST   in   403  403  403  403  desk 404  desk desk
/admin/dealreg/dealfield/preview/            GET    in     403  403   403    403 200  200  200  200
/admin/dealreg/dealfield/preview/            POST   in     403  403   403    403 405  405  405  405
/admin/dealreg/dealfield/<field_id>/retire/  GET    in     403  403   403    403 405  405  405  405
/admin/dealreg/dealfield/<field_id>/retire/  POST   in     403  403   403    403 403  403  desk desk
/admin/dealreg/dealfield/<field_id>/restore/ GET    in     403  403   403    403 405  405  405  405
/admin/dealreg/dealfield/<field_id>/restore/ POST   in     403  403   403    403 403  403  desk desk
/admin/partners/partner/export/                           GET   in  403 403 403 403 200 200 200  200
/admin/partners/partner/export/                           POST  in  403 403 403 403 405 405 405  405
/admin/partners/partner/<partner_id>/overview/            GET   in  403 403 403 403 200 404 200  200
/admin/partners/partner/<partner_id>/overview/            POST  in  403 403 403 403 405 405 405  405
/admin/partners/partnerpair/<partner_pair_id>/decide/     GET   in  403 403 403 403 405 405 405  405
/admin/partners/partnerpair/<partner_pair_id>/decide/     POST  in  403 403 403 403 403 403 desk desk
/admin/partners/partnermerge/<partner_merge_id>/undo/     GET   in  403 403 403 403 405 405 405  405
/admin/partners/partnermerge/<partner_merge_id>/undo/     POST  in  403 403 403 403 403 403 desk desk
/admin/dealreg/account/duplicates/       GET    in     403  403   403    403 403  403  200  200
/admin/dealreg/account/duplicates/       POST   in     403  403   403    403 405  405  405  405
/admin/dealreg/account/duplicates/<pair_id>/dismiss/      GET   in  403 403 403 403 405 405 405  405
/admin/dealreg/account/duplicates/<pair_id>/dismiss/      POST  in  403 403 403 403 403 403 desk desk
/admin/dealreg/account/<account_id>/merge/                GET   in  403 403 403 403 403 403 200  200
/admin/dealreg/account/<account_id>/merge/                POST  in  403 403 403 403 405 405 405  405
/admin/dealreg/account/<account_id>/merge/<other_id>/     GET   in  403 403 403 403 403 403 200  200
/admin/dealreg/account/<account_id>/merge/<other_id>/     POST  in  403 403 403 403 403 403 desk desk
/admin/dealreg/accountmerge/<merge_id>/undo/              GET   in  403 403 403 403 405 405 405  405
/admin/dealreg/accountmerge/<merge_id>/undo/              POST  in  403 403 403 403 403 403 desk desk
/admin/dealreg/accountmerge/<object_id>/change/           POST  in  403 403 403 403 405 405 405  405
/admin/dealreg/accountmerge/<object_id>/change/           GET   in  403 403 403 403 200 200 200  200
/admin/dealreg/rulebook/<book_id>/draft/    GET    in  403  403   403    403 405  405  405  405
/admin/dealreg/rulebook/<book_id>/draft/    POST   in  403  403   403    403 403  403  desk desk
/admin/dealreg/rulebook/<book_id>/publish/  GET    in  403  403   403    403 405  405  405  405
/admin/dealreg/rulebook/<book_id>/publish/  POST   in  403  403   403    403 403  403  desk desk
/admin/dealreg/rulebook/<book_id>/discard/  GET    in  403  403   403    403 405  405  405  405
/admin/dealreg/rulebook/<book_id>/discard/  POST   in  403  403   403    403 403  403  desk desk
/admin/dealreg/rulebook/<book_id>/retire/   GET    in  403  403   403    403 405  405  405  405
/admin/dealreg/rulebook/<book_id>/retire/   POST   in  403  403   403    403 403  403  desk desk
/admin/dealreg/rulebook/<book_id>/replay/   GET    in  403  403   403    403 405  405  405  405
/admin/dealreg/rulebook/<book_id>/replay/   POST   in  403  403   403    403 403  403  desk desk
/admin/dealreg/rulebook/replays/<run_id>/         GET    in  403  403   403    403 403  403  200  200
/admin/dealreg/rulebook/replays/<run_id>/         POST   in  403  403   403    403 405  405  405  405
/admin/dealreg/rulebook/replays/<run_id>/export/  GET    in  403  403   403    403 403  403  200  200
/admin/dealreg/rulebook/replays/<run_id>/export/  POST   in  403  403   403    403 405  405  405  405
/admin/dealreg/conflictcase/<object_id>/change/ GET    in     403  403   403    403 200  404  200  200
/admin/dealreg/conflictcase/<object_id>/change/ POST   in     403  403   403    403 405  405  405  405
/admin/dealreg/conflictcase/promptness/       GET    in     403  403   403    403 200  200  200  200
/admin/dealreg/conflictcase/promptness/       POST   in     403  403   403    403 405  405  405  405
/admin/dealreg/conflictcase/for-deal/<deal_id>/ GET    in     403  403   403    403 405  405  405  405
/admin/dealreg/conflictcase/for-deal/<deal_id>/ POST   in     403  403   403    403 desk 404  desk desk
/admin/dealreg/conflictcase/<case_id>/decide/ GET    in     403  403   403    403 405  405  405  405
/admin/dealreg/conflictcase/<case_id>/decide/ POST   in     403  403   403    403 desk 404  desk desk
/admin/dealreg/conflictcase/<case_id>/assign/ GET    in     403  403   403    403 405  405  405  405
/admin/dealreg/conflictcase/<case_id>/assign/ POST   in     403  403   403    403 desk 404  desk desk
/admin/dealreg/conflictcase/<case_id>/ask/    GET    in     403  403   403    403 405  405  405  405
/admin/dealreg/conflictcase/<case_id>/ask/    POST   in     403  403   403    403 desk 404  desk desk
/admin/dealreg/conflictcase/<case_id>/escalate/ GET    in     403  403   403    403 405  405  405  405
/admin/dealreg/conflictcase/<case_id>/escalate/ POST   in     403  403   403    403 desk 404  desk desk
"""
