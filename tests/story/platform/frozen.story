Story: freezing a merchant wants the right, a reason and a fresh proof, and stands in both audit logs

Given a tenant "tea" owned by mei
And a tenant "coffee" owned by tom
And kim runs the platform
And lee works for the platform beside kim and may merchant.view
And lee uses an authenticator app
When lee gets /platform/merchants
Then the answer is 200
And answer.total is 2
When lee posts /platform/merchants/tea/freeze
  { "reason": "unpaid since May" }
Then the answer is 403 "permission.denied"
When lee gets /platform/merchants/tea/sign-ins
Then the answer is 403 "permission.denied"
When kim posts /platform/merchants/tea/freeze
  { "reason": "" }
Then the answer is 422 "input.invalid"
And the answer complains about "reason": "field.required"
And nothing was written and nothing was published
When kim posts /platform/merchants/platform/freeze
  { "reason": "can I lock myself out" }
Then the answer is 404 "tenant.not_found"
When kim posts /platform/merchants/nobody/freeze
  { "reason": "there is none" }
Then the answer is 404 "tenant.not_found"
When 6 minutes pass
And kim posts /platform/merchants/tea/freeze
  { "reason": "unpaid since May" }
Then the answer is 403 "session.step_up_required"
And nothing was written and nothing was published
Given kim's password is "Round-Lantern-9"
When kim posts /session/step-up
  { "password": "Round-Lantern-9" }
Then the answer is 204
When kim posts /platform/merchants/tea/freeze
  { "reason": "unpaid since May" }
Then the answer is 200
And answer.state is frozen
And answer.state_reason is "unpaid since May"
And "merchant.frozen" was recorded once by kim
And "tenant.frozen" was recorded once
When mei gets /session
Then the answer is 403 "tenant.frozen"
When tom gets /session
Then the answer is 200
When kim posts /platform/merchants/tea/freeze
  { "reason": "once more" }
Then the answer is 409 "tenant.already_frozen"
When kim gets /platform/merchants?state=frozen
Then answer.total is 1
And answer.items[0].state_reason is "unpaid since May"
When kim posts /platform/merchants/tea/thaw
  { "reason": "has paid" }
Then the answer is 200
And answer.state is active
And "tenant.thawed" was recorded once
When mei gets /audit-records?action=tenant.frozen
Then the answer is 200
And answer.items has 1 entry
And answer.items[0].actor.name is "platform: kim"
