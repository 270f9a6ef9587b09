"""The rows of the volume as the database makes them."""

from prm.demo.coined import COUNTRIES, FORMS, NAMES, sql_array

ACCOUNTS = f"""
WITH named AS ({NAMES}),
     spelled AS (
        SELECT n, place, trade, trim(word || ' ' || trade || ' ' || town) AS core FROM named
     )
INSERT INTO dealreg_account
    (name, name_key, domain, country, sector, employees, external_ref, created_at)
SELECT core || ' ' || ({sql_array(FORMS)})[place], lower(core),
       lower(replace(core, ' ', '-')) || '.example', ({sql_array(COUNTRIES)})[place],
       trade, 20 + n * 37 %% 5000, 'demo:a:' || n, now() - interval '400 days'
FROM spelled
ON CONFLICT (external_ref) DO NOTHING
"""  # noqa: S608

# `age` is in hours; the first five deals of an account are of the last 88 days, the next five
# half a year older, so that protections of one customer and product line never overlap.
DEALS = """
WITH lines AS (
    SELECT array_agg(id ORDER BY code) AS ids, array_agg(name ORDER BY code) AS names
    FROM dealreg_productline
    WHERE code IN ('cloud-backup','data-platform','endpoint-security','identity','network-insight')
), sellers AS (
    SELECT split_part(split_part(u.email, '.', 1), '-', 2)::int AS number, u.id AS user_id,
           u.name AS user_name, m.partner_id, r.path
    FROM core_user u
    JOIN partners_membership m ON m.user_id = u.id AND m.left_at IS NULL
    JOIN partners_partner p ON p.id = m.partner_id
    JOIN partners_region r ON r.id = p.region_id
    WHERE u.email LIKE 'sales@volume-%%'
), numbers AS (
    SELECT n, (n - 1) / %(deals_each)s + 1 AS account, n %% 5 + 1 AS line,
           (n - 1) %% %(deals_each)s / 5 AS generation, n * 104729 %% 100 AS luck,
           n * 7919 %% %(partners)s + 1 AS partner
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
), kinds AS (
    SELECT *,
        CASE WHEN luck < 68 THEN CASE WHEN generation = 0 OR luck < 55 THEN 'approved'
                                      ELSE 'lapsed' END
             WHEN luck < 76 THEN 'declined'
             WHEN luck < 80 THEN CASE WHEN generation = 0 THEN 'in_review' ELSE 'declined' END
             WHEN luck < 88 THEN 'withdrawn' ELSE 'draft' END AS status,
        CASE WHEN luck >= 68 THEN 'prospecting'
             WHEN generation = 0 THEN CASE WHEN luck < 8 THEN 'negotiation'
                 WHEN luck < 18 THEN 'proposal' WHEN luck < 40 THEN 'engaging'
                 ELSE 'prospecting' END
             WHEN luck < 32 THEN 'won' WHEN luck < 55 THEN 'lost' ELSE 'engaging' END AS stage,
        date_trunc('second', now())
            - make_interval(hours => (24 + n * 7919 %% 2088 + generation * 4320)::int) AS sent
    FROM numbers
), source AS (
    SELECT k.*, a.id AS account_id, a.name AS customer, a.domain, a.country,
           s.partner_id, s.user_id, l.ids[k.line] AS line_id,
           CASE WHEN status = 'in_review' THEN %(allowed)s + 1000 * (n %% 90 + 1)
                ELSE %(allowed)s * (n %% 97 + 2) / 100 END AS amount
    FROM kinds k
    JOIN dealreg_account a ON a.external_ref = 'demo:a:' || k.account
    JOIN sellers s ON s.number = k.partner
    CROSS JOIN lines l
), deal AS (
    INSERT INTO dealreg_deal
        (partner_id, account_id, product_line_id, customer_name, customer_domain,
         customer_country, amount, currency, expected_close, description, public_sector,
         customer_consent, status, stage, closed_on, closed_amount, submitted_at, decided_at,
         decided_by, source, external_ref, created_by_id, created_at, updated_at, version,
         next_step, sale_updated_at)
    SELECT partner_id, CASE WHEN status <> 'draft' THEN account_id END, line_id, customer, domain,
           country, amount, %(currency)s, (sent + interval '100 days')::date, '',
           status = 'declined', false, status, stage,
           CASE WHEN stage IN ('won', 'lost') THEN (sent + interval '70 days')::date END,
           CASE stage WHEN 'won' THEN amount WHEN 'lost' THEN 0 END,
           CASE WHEN status <> 'draft' THEN sent END,
           CASE WHEN status NOT IN ('draft', 'in_review') THEN sent END,
           CASE WHEN status NOT IN ('draft', 'in_review') THEN %(book_label)s ELSE '' END,
           'portal', 'demo:d:' || n, user_id, sent,
           CASE WHEN stage IN ('won', 'lost') THEN sent + interval '70 days'
                WHEN status = 'withdrawn' THEN sent + interval '6 hours'
                WHEN status = 'lapsed' THEN sent + make_interval(days => %(days)s)
                ELSE sent END, 1,
           '', CASE WHEN status = 'approved' AND stage NOT IN ('won', 'lost')
                    THEN now() - make_interval(days => (n %% 30)::int) END
    FROM source
    RETURNING *
), verdicts AS (
    SELECT d.*, v.verdict, v.verdict->>'outcome' AS outcome,
           replace(v.verdict->>'message', '$customer', d.customer_name) AS message,
           s.user_name, s.path, l.names[array_position(l.ids, d.product_line_id)] AS line_name,
           l.ids
    FROM deal d
    JOIN (VALUES ('approved', %(approve)s::jsonb), ('withdrawn', %(approve)s::jsonb),
                 ('lapsed', %(approve)s::jsonb),
                 ('declined', %(decline)s::jsonb), ('in_review', %(review)s::jsonb))
         AS v (status, verdict) ON v.status = d.status
    JOIN sellers s ON s.user_id = d.created_by_id
    CROSS JOIN lines l
), decided AS (
    INSERT INTO dealreg_decision
        (deal_id, origin, outcome, book_id, rule, reason, message, conflict_level, facts, trace,
         decided_at)
    SELECT id, 'rule', outcome, %(book)s, verdict->>'rule', verdict->>'reason', message, 'none',
           verdict->'facts' || jsonb_build_object(
               'deal.amount', amount::text, 'partner.region', path,
               'customer.country', customer_country),
           verdict->'trace', submitted_at
    FROM verdicts
), protected AS (
    INSERT INTO dealreg_protection
        (deal_id, partner_id, account_id, product_line_id, period, book_id, released_at)
    SELECT id, partner_id, account_id, product_line_id,
           tstzrange(submitted_at, submitted_at + make_interval(days => %(days)s)), %(book)s,
           CASE WHEN status = 'withdrawn' THEN submitted_at + interval '6 hours'
                WHEN stage IN ('won', 'lost') THEN submitted_at + interval '70 days' END
    FROM verdicts WHERE outcome = 'approve'
), followed AS (
    INSERT INTO core_appointment
        (kind, subject_type, subject_id, key, state, attempts, due_at, last_error)
    SELECT due.kind, 'dealreg.deal', id, due.key, 'waiting', 0,
           submitted_at + make_interval(days => %(days)s - due.before), ''
    FROM verdicts
    CROSS JOIN (VALUES ('dealreg.lapse_protection', '', 0), ('dealreg.remind_of_end', '30', 30),
                       ('dealreg.remind_of_end', '14', 14), ('dealreg.remind_of_end', '3', 3)
    ) AS due (kind, key, before)
    WHERE status = 'approved' AND stage NOT IN ('won', 'lost')
      AND submitted_at + make_interval(days => %(days)s - due.before) > now()
), told AS (
    SELECT id, partner_id, 'user' AS actor_kind, created_by_id, user_name, submitted_at AS at,
           'dealreg.deal_registered' AS kind, 1 AS place,
           jsonb_build_object('customer', customer_name, 'product_line', line_name,
               'amount', amount::text, 'currency', currency, 'account_id', account_id) AS payload
    FROM verdicts
    UNION ALL
    SELECT id, partner_id, 'system', NULL, %(book_label)s, submitted_at + interval '50 ms',
           CASE outcome WHEN 'approve' THEN 'dealreg.deal_approved'
                        WHEN 'decline' THEN 'dealreg.deal_declined'
                        ELSE 'dealreg.deal_sent_to_review' END, 2,
           jsonb_build_object('customer', customer_name, 'note', message,
               'rule', verdict->>'rule') || CASE outcome
               WHEN 'approve' THEN jsonb_build_object('decided_by', %(book_label)s,
                   'protected_until', submitted_at + make_interval(days => %(days)s))
               WHEN 'decline' THEN jsonb_build_object('decided_by', %(book_label)s,
                   'reason', verdict->>'reason')
               ELSE jsonb_build_object('conflict_level', 'none') END
    FROM verdicts
    UNION ALL
    SELECT id, partner_id, 'user', created_by_id, user_name, submitted_at + interval '6 hours',
           'dealreg.deal_withdrawn', 3,
           jsonb_build_object('customer', customer_name, 'note', '', 'old_status', 'approved')
    FROM verdicts WHERE status = 'withdrawn'
    UNION ALL
    SELECT id, partner_id, 'system', NULL, %(clock)s,
           submitted_at + make_interval(days => %(days)s), 'dealreg.deal_lapsed', 3,
           jsonb_build_object('customer', customer_name,
               'ended_at', submitted_at + make_interval(days => %(days)s))
    FROM verdicts WHERE status = 'lapsed'
)
INSERT INTO core_event
    (uid, kind, subject_type, subject_id, partner_id, actor_kind, actor_user_id, actor_label,
     payload, request_id, occurred_at)
SELECT gen_random_uuid(), kind, 'dealreg.deal', id, partner_id, actor_kind, created_by_id,
       user_name, payload, '', at
FROM told ORDER BY id, place
"""
