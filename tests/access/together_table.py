# ruff: noqa: E501 (a table is read across)
"""The rows of the access table for what partners and the vendor do together: people, tasks,
plans and reviews. The words are those of tests/access/table.py."""

PORTAL = """
address                        method nobody olga jonas chiara bo  mara rita otto root

/company/contacts/             GET    in     403  200   200    200 desk desk desk desk
/company/contacts/             POST   in     403  403   403    403 desk desk desk desk
/company/contacts/<contact_id>/ GET   in     403  403   403    404 desk desk desk desk
/company/contacts/<contact_id>/ POST  in     403  403   403    404 desk desk desk desk
/company/contacts/<contact_id>/remove/ GET  in 405 405  405    405 405  405  405  405
/company/contacts/<contact_id>/remove/ POST in 403 403  403    404 desk desk desk desk
/plan/                         GET    in     403  200   200    200 desk desk desk desk
/plan/                         POST   in     405  405   405    405 405  405  405  405
/plan/new/                     GET    in     403  403   403    403 desk desk desk desk
/plan/new/                     POST   in     403  403   403    403 desk desk desk desk
/plan/<plan_id>/               GET    in     403  200   200    404 desk desk desk desk
/plan/<plan_id>/               POST   in     405  405   405    405 405  405  405  405
/plan/<plan_id>/edit/          GET    in     403  403   403    404 desk desk desk desk
/plan/<plan_id>/edit/          POST   in     403  403   403    404 desk desk desk desk
/plan/<plan_id>/propose/       GET    in     405  405   405    405 405  405  405  405
/plan/<plan_id>/propose/       POST   in     403  403   403    404 desk desk desk desk
/plan/<plan_id>/agree/         GET    in     405  405   405    405 405  405  405  405
/plan/<plan_id>/agree/         POST   in     403  403   403    404 desk desk desk desk
/plan/<plan_id>/send-back/     GET    in     405  405   405    405 405  405  405  405
/plan/<plan_id>/send-back/     POST   in     403  403   403    404 desk desk desk desk
/plan/<plan_id>/revise/        GET    in     405  405   405    405 405  405  405  405
/plan/<plan_id>/revise/        POST   in     403  403   403    404 desk desk desk desk
/plan/<plan_id>/discard/       GET    in     405  405   405    405 405  405  405  405
/plan/<plan_id>/discard/       POST   in     403  403   403    404 desk desk desk desk
/plan/<plan_id>/comments/      GET    in     405  405   405    405 405  405  405  405
/plan/<plan_id>/comments/      POST   in     403  403   403    404 desk desk desk desk
/plan/swot/                    GET    in     403  200   200    200 desk desk desk desk
/plan/swot/                    POST   in     405  405   405    405 405  405  405  405
/plan/swot/add/                GET    in     405  405   405    405 405  405  405  405
/plan/swot/add/                POST   in     403  403   403    403 desk desk desk desk
/plan/swot/<point_id>/change/  GET    in     405  405   405    405 405  405  405  405
/plan/swot/<point_id>/change/  POST   in     403  403   403    404 desk desk desk desk
/plan/swot/<point_id>/remove/  GET    in     405  405   405    405 405  405  405  405
/plan/swot/<point_id>/remove/  POST   in     403  403   403    404 desk desk desk desk
/plan/reviews/                 GET    in     403  200   200    200 desk desk desk desk
/plan/reviews/                 POST   in     405  405   405    405 405  405  405  405
/plan/reviews/new/             GET    in     403  403   403    403 desk desk desk desk
/plan/reviews/new/             POST   in     403  403   403    403 desk desk desk desk
/plan/reviews/<review_id>/     GET    in     403  200   200    404 desk desk desk desk
/plan/reviews/<review_id>/     POST   in     405  405   405    405 405  405  405  405
/plan/reviews/<review_id>/edit/ GET   in     403  403   403    404 desk desk desk desk
/plan/reviews/<review_id>/edit/ POST  in     403  403   403    404 desk desk desk desk
/plan/reviews/<review_id>/cancel/ GET    in     405  405   405    405 405  405  405  405
/plan/reviews/<review_id>/cancel/ POST   in     403  403   403    404 desk desk desk desk
/plan/reviews/<review_id>/notes/ GET    in     405  405   405    405 405  405  405  405
/plan/reviews/<review_id>/notes/ POST   in     403  403   403    404 desk desk desk desk
/plan/reviews/<review_id>/pack/ GET    in     405  405   405    405 405  405  405  405
/plan/reviews/<review_id>/pack/ POST   in     403  302   302    404 desk desk desk desk

/tasks/                        GET    in     403  200   200    200 desk desk desk desk
/tasks/                        POST   in     405  405   405    405 405  405  405  405
/tasks/new/                    GET    in     403  200   200    200 desk desk desk desk
/tasks/new/                    POST   in     403  302   302    302 desk desk desk desk
/tasks/<todo_id>/              GET    in     403  200   200    404 desk desk desk desk
/tasks/<todo_id>/              POST   in     403  302   403    404 desk desk desk desk
/tasks/<todo_id>/done/         GET    in     405  405   405    405 405  405  405  405
/tasks/<todo_id>/done/         POST   in     403  302   403    404 desk desk desk desk
/tasks/<todo_id>/drop/         GET    in     405  405   405    405 405  405  405  405
/tasks/<todo_id>/drop/         POST   in     403  302   403    404 desk desk desk desk
/tasks/<todo_id>/reopen/       GET    in     405  405   405    405 405  405  405  405
/tasks/<todo_id>/reopen/       POST   in     403  302   403    404 desk desk desk desk
"""

# Only what is answered stands here; `with_refusals` (walking.py) adds the rest.
API = """
address                         method  nobody olga jonas chiara bo mara rita otto root writer reader revoked foreign

/api/v1/contacts/               GET     401    404  200   200   200  404  404  404  404  200    200    401     200
/api/v1/contacts/               POST    401    404  403   403   403  404  404  404  404  403    403    401     403
/api/v1/contacts/<contact_id>/  GET     401    404  200   200   404  200  404  200  200  200    200    401     404
/api/v1/contacts/<contact_id>/  PUT     401    404  403   403   404  403  404  428  428  403    403    401     404
/api/v1/contacts/<contact_id>/  DELETE  401    404  403   403   404  403  404  204  204  403    403    401     404
/api/v1/people/                 GET     401    404  200   200   200  404  404  404  404  200    200    401     200
/api/v1/people/<place_id>/      GET     401    404  200   200   404  200  404  200  200  200    200    401     404
/api/v1/people/<place_id>/      PUT     401    404  403   403   404  403  404  428  428  403    403    401     404
/api/v1/people/<place_id>/      DELETE  401    404  403   403   404  403  404  204  204  403    403    401     404
/api/v1/people/<place_id>/hand-over/ POST 401  404  403   403   404  403  404  403  403  403    403    401     404
/api/v1/invitations/            GET     401    404  403   403   403  404  404  404  404  403    403    401     403
/api/v1/invitations/            POST    401    403  403   403   403  403  403  403  403  403    403    401     403
/api/v1/invitations/<invitation_id>/resend/ POST 401 404 403 403 404 403 404 200 200 403    403    401     404
/api/v1/invitations/<invitation_id>/revoke/ POST 401 404 403 403 404 403 404 200 200 403    403    401     404
/api/v1/plans/                  GET     401    200  200   200   200  200  200  200  200  200    200    401     200
/api/v1/plans/                  POST    401    404  403   403   403  409  404  409  409  403    403    401     403
/api/v1/plans/<plan_id>/        GET     401    404  200   200   404  200  404  200  200  200    200    401     404
/api/v1/plans/<plan_id>/        PUT     401    404  403   403   404  428  404  428  428  403    403    401     404
/api/v1/plans/<plan_id>/propose/ POST    401    404  403   403   404  428  404  428  428  403    403    401     404
/api/v1/plans/<plan_id>/agree/  POST    401    404  403   403   404  428  404  428  428  403    403    401     404
/api/v1/plans/<plan_id>/send-back/ POST    401    404  403   403   404  428  404  428  428  403    403    401     404
/api/v1/plans/<plan_id>/revise/ POST    401    404  403   403   404  428  404  428  428  403    403    401     404
/api/v1/plans/<plan_id>/discard/ POST    401    404  403   403   404  428  404  428  428  403    403    401     404
/api/v1/plans/<plan_id>/close/  POST    401    404  403   403   404  428  404  428  428  403    403    401     404
/api/v1/plans/<plan_id>/comments/ POST    401    404  403   403   404  201  404  201  201  403    403    401     404
/api/v1/swot/                   GET     401    404  200   200   200  404  404  404  404  200    200    401     200
/api/v1/swot/                   POST    401    404  403   403   403  201  404  201  201  403    403    401     403
/api/v1/swot/<point_id>/        PUT     401    404  403   403   404  200  404  200  200  403    403    401     404
/api/v1/swot/<point_id>/        DELETE  401    404  403   403   404  200  404  200  200  403    403    401     404
/api/v1/reviews/                  GET     401    200  200   200   200  200  200  200  200  200    200    401     200
/api/v1/reviews/                  POST    401    404  403   403   403  201  404  201  201  403    403    401     403
/api/v1/reviews/<review_id>/      GET     401    404  200   200   404  200  404  200  200  200    200    401     404
/api/v1/reviews/<review_id>/      PUT     401    404  403   403   404  428  404  428  428  403    403    401     404
/api/v1/reviews/<review_id>/hold/ POST  401    404  403   403   404  428  404  428  428  403    403    401     404
/api/v1/reviews/<review_id>/cancel/ POST  401    404  403   403   404  428  404  428  428  403    403    401     404
/api/v1/reviews/<review_id>/notes/ POST  401    404  403   403   404  428  404  428  428  403    403    401     404
/api/v1/reviews/<review_id>/packs/ POST  401    404  202   202   404  202  404  202  202  202    403    401     404
/api/v1/tasks/                  GET     401    200  200   200   200  200  200  200  200  200    200    401     200
/api/v1/tasks/                  POST    401    403  201   201   201  201  201  201  201  201    403    401     201
/api/v1/tasks/<todo_id>/        GET     401    404  200   200   404  200  404  200  200  200    200    401     404
/api/v1/tasks/<todo_id>/        PUT     401    404  428   403   404  428  404  428  428  428    403    401     404
/api/v1/tasks/<todo_id>/done/   POST    401    404  200   403   404  200  404  200  200  200    403    401     404
/api/v1/tasks/<todo_id>/drop/   POST    401    404  200   403   404  200  404  200  200  200    403    401     404
/api/v1/tasks/<todo_id>/reopen/ POST    401    404  409   403   404  409  404  409  409  409    403    401     404
"""

TABLES = """
table                  shown       see            add        change     delete

partners.jointplan     regional    mara,rita,otto,root  -     -          -
partners.quarterlyreview regional  mara,rita,otto,root  -     -          -
partners.reviewpack    regional    mara,rita,otto,root  -     -          -
partners.reviewtemplate to-all     mara,rita,otto,root  otto,root otto,root otto,root
partners.swotpoint     regional    mara,rita,otto,root  -     -          -
partners.todo          regional    mara,rita,otto,root  -     -          -
"""

DESK = """
address                                  method nobody olga jonas chiara bo  mara rita otto root

/admin/partners/jointplan/new/           GET    in     403  403   403    403 200  200  200  200
/admin/partners/jointplan/new/           POST   in     403  403   403    403 200  200  200  200
/admin/partners/jointplan/<plan_id>/edit/ GET   in     403  403   403    403 200  404  200  200
/admin/partners/jointplan/<plan_id>/edit/ POST  in     403  403   403    403 422  404  422  422
/admin/partners/jointplan/<plan_id>/propose/ GET    in     403  403   403    403 405  405  405  405
/admin/partners/jointplan/<plan_id>/propose/ POST   in     403  403   403    403 desk 404  desk desk
/admin/partners/jointplan/<plan_id>/agree/ GET    in     403  403   403    403 405  405  405  405
/admin/partners/jointplan/<plan_id>/agree/ POST   in     403  403   403    403 desk 404  desk desk
/admin/partners/jointplan/<plan_id>/send-back/ GET    in     403  403   403    403 405  405  405  405
/admin/partners/jointplan/<plan_id>/send-back/ POST   in     403  403   403    403 desk 404  desk desk
/admin/partners/jointplan/<plan_id>/revise/ GET    in     403  403   403    403 405  405  405  405
/admin/partners/jointplan/<plan_id>/revise/ POST   in     403  403   403    403 desk 404  desk desk
/admin/partners/jointplan/<plan_id>/discard/ GET    in     403  403   403    403 405  405  405  405
/admin/partners/jointplan/<plan_id>/discard/ POST   in     403  403   403    403 desk 404  desk desk
/admin/partners/jointplan/<plan_id>/comments/ GET    in     403  403   403    403 405  405  405  405
/admin/partners/jointplan/<plan_id>/comments/ POST   in     403  403   403    403 desk 404  desk desk
/admin/partners/jointplan/<plan_id>/close/ GET    in     403  403   403    403 405  405  405  405
/admin/partners/jointplan/<plan_id>/close/ POST   in     403  403   403    403 desk 404  desk desk
/admin/partners/quarterlyreview/new/           GET    in     403  403   403    403 200  200  200  200
/admin/partners/quarterlyreview/new/           POST   in     403  403   403    403 200  200  200  200
/admin/partners/quarterlyreview/<review_id>/edit/ GET   in     403  403   403    403 200  404  200  200
/admin/partners/quarterlyreview/<review_id>/edit/ POST  in     403  403   403    403 200  404  200  200
/admin/partners/quarterlyreview/<review_id>/hold/ GET    in     403  403   403    403 405  405  405  405
/admin/partners/quarterlyreview/<review_id>/hold/ POST   in     403  403   403    403 desk 404  desk desk
/admin/partners/quarterlyreview/<review_id>/cancel/ GET    in     403  403   403    403 405  405  405  405
/admin/partners/quarterlyreview/<review_id>/cancel/ POST   in     403  403   403    403 desk 404  desk desk
/admin/partners/quarterlyreview/<review_id>/notes/ GET    in     403  403   403    403 405  405  405  405
/admin/partners/quarterlyreview/<review_id>/notes/ POST   in     403  403   403    403 desk 404  desk desk
/admin/partners/quarterlyreview/<review_id>/pack/ GET    in     403  403   403    403 405  405  405  405
/admin/partners/quarterlyreview/<review_id>/pack/ POST   in     403  403   403    403 desk 404  desk desk
/admin/partners/swotpoint/of/<partner_id>/      GET    in     403  403   403    403 200  404  200  200
/admin/partners/swotpoint/of/<partner_id>/      POST   in     403  403   403    403 405  405  405  405
/admin/partners/swotpoint/of/<partner_id>/add/  GET    in     403  403   403    403 405  405  405  405
/admin/partners/swotpoint/of/<partner_id>/add/  POST   in     403  403   403    403 desk 404  desk desk
/admin/partners/swotpoint/<point_id>/save/      GET    in     403  403   403    403 405  405  405  405
/admin/partners/swotpoint/<point_id>/save/      POST   in     403  403   403    403 desk 404  desk desk
/admin/partners/swotpoint/<point_id>/remove/    GET    in     403  403   403    403 405  405  405  405
/admin/partners/swotpoint/<point_id>/remove/    POST   in     403  403   403    403 desk 404  desk desk
/admin/partners/todo/new/                GET    in     403  403   403    403 200  200  200  200
/admin/partners/todo/new/                POST   in     403  403   403    403 desk desk desk desk
/admin/partners/todo/<todo_id>/save/     GET    in     403  403   403    403 405  405  405  405
/admin/partners/todo/<todo_id>/save/     POST   in     403  403   403    403 desk 404  desk desk
/admin/partners/todo/<todo_id>/done/     GET    in     403  403   403    403 405  405  405  405
/admin/partners/todo/<todo_id>/done/     POST   in     403  403   403    403 desk 404  desk desk
/admin/partners/todo/<todo_id>/drop/     GET    in     403  403   403    403 405  405  405  405
/admin/partners/todo/<todo_id>/drop/     POST   in     403  403   403    403 desk 404  desk desk
/admin/partners/todo/<todo_id>/reopen/   GET    in     403  403   403    403 405  405  405  405
/admin/partners/todo/<todo_id>/reopen/   POST   in     403  403   403    403 desk 404  desk desk
"""
