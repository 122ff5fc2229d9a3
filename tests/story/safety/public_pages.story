Story: the health, the API document and its page are for everybody and say nothing of anybody

Given a tenant "tea" owned by mei
When stranger gets /healthz
Then the answer is 200
And answer.status is ok
When stranger gets /openapi.json
Then the answer is 200
And answer.openapi is "3.1.0"
And the answer never says "mei"
When stranger gets /api
Then the answer is 200
And the header "content-security-policy" contains "default-src 'self'"
And the header "x-content-type-options" is "nosniff"
When stranger gets /permissions
Then the answer is 401 "session.required"
When mei gets /permissions
Then the answer is 200
And answer.items is not []
