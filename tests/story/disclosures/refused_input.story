Story: a disclosure names its ground, its period and its fields, and stays small

Given the time is 2026-11-22T10:00:00.000Z
And a tenant "tea" owned by mei
And a store "S1"
And li works at store "S1" and may disclosure.view, disclosure.ask
When mei posts /disclosures
  { "requester": "", "legal_ground": "", "reason": "", "from": "2026-11-22T00:00:00.000Z",
    "to": "2026-11-22T10:00:00.000Z", "fields": [] }
Then the answer complains about 4 fields
And nothing was written and nothing was published
When mei posts /disclosures
  { "requester": "Auditor", "legal_ground": "Contract 5", "reason": "yearly",
    "from": "2026-11-22T00:00:00.000Z", "to": "2026-11-23T10:00:00.000Z", "fields": ["action"] }
Then the answer complains about "to": "field.in_the_future"
And nothing was written and nothing was published
When mei posts /disclosures
  { "requester": "Auditor", "legal_ground": "Contract 5", "reason": "yearly",
    "from": "2026-11-22T09:00:00.000Z", "to": "2026-11-22T09:00:00.000Z", "fields": ["action"] }
Then the answer complains about "to": "field.before_its_beginning"
When mei posts /disclosures
  { "requester": "Auditor", "legal_ground": "Contract 5", "reason": "yearly",
    "from": "2026-11-22T00:00:00.000Z", "to": "2026-11-22T09:00:00.000Z", "fields": ["password"] }
Then the answer complains about "fields": "field.unknown"
When mei posts /disclosures
  { "requester": "Auditor", "legal_ground": "Contract 5", "reason": "yearly", "action": "never.done",
    "from": "2026-11-22T00:00:00.000Z", "to": "2026-11-22T09:00:00.000Z", "fields": ["action"] }
Then the answer is 422 "disclosure.no_records"
And nothing was written and nothing was published
# The log is the whole merchant's: who may ask in one store only may not.
When li posts /disclosures
  { "requester": "Auditor", "legal_ground": "Contract 5", "reason": "yearly",
    "from": "2026-11-22T00:00:00.000Z", "to": "2026-11-22T09:00:00.000Z", "fields": ["action"] }
Then the answer is 403 "permission.outside_scope"
And nothing was written and nothing was published
When li gets /disclosures
Then the answer is 403 "permission.outside_scope"
